package dev.alambic.decoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Set;

/** Typed access to the fields of one JSON object, with errors that name file and field. */
final class ConfigFields {

  private static final int LONGEST_QUOTE = 60;

  private final String file;
  private final String prefix;
  private final JsonNode object;

  ConfigFields(String file, JsonNode object) {
    this(file, "", object);
  }

  private ConfigFields(String file, String prefix, JsonNode object) {
    this.file = file;
    this.prefix = prefix;
    this.object = object;
  }

  /** Whether the field is there and is not null. */
  boolean has(String field) {
    return object.hasNonNull(field);
  }

  /** Whether the field is there, be it null. */
  boolean mentions(String field) {
    return object.has(field);
  }

  JsonNode node(String field) {
    return object.get(field);
  }

  /** The fields of an object inside this one. */
  ConfigFields inside(String field) {
    if (!object.get(field).isObject()) {
      throw wrong(field, "must be an object, not " + quote(object.get(field)));
    }
    return new ConfigFields(file, prefix + field + ".", object.get(field));
  }

  /** The same, with these fields where it has none or null. */
  ConfigFields with(ObjectNode defaults) {
    ObjectNode all = defaults.deepCopy();
    object
        .properties()
        .forEach(
            field -> {
              if (!field.getValue().isNull() || !defaults.has(field.getKey())) {
                all.set(field.getKey(), field.getValue());
              }
            });
    return new ConfigFields(file, prefix, all);
  }

  String text(String field, String absent) {
    if (!has(field)) {
      return absent;
    }
    if (!object.get(field).isTextual()) {
      throw wrong(field, "must be text, not " + quote(object.get(field)));
    }
    return object.get(field).textValue();
  }

  /** True or false; absent or null is {@code absent}. */
  boolean flag(String field, boolean absent) {
    if (!has(field)) {
      return absent;
    }
    if (!object.get(field).isBoolean()) {
      throw wrong(field, "must be true or false, not " + quote(object.get(field)));
    }
    return object.get(field).booleanValue();
  }

  /** A whole number from 1 to {@code most}. */
  int count(String field, int most) {
    if (!has(field)) {
      throw wrong(field, "is missing");
    }
    return wholeNumber(field, object.get(field), 1, most);
  }

  int count(String field, int absent, int most) {
    return mentions(field) ? count(field, most) : absent;
  }

  /** The same, where null means what absent means. */
  int countOrNull(String field, int absent, int most) {
    return has(field) ? count(field, most) : absent;
  }

  /** One size divided by another, which it must be a multiple of. */
  int quotient(String field, int dividend, String divisorField, int divisor) {
    if (dividend % divisor != 0) {
      throw wrong(
          field, dividend + " must be a multiple of " + divisorField + " (" + divisor + ")");
    }
    return dividend / divisor;
  }

  int wholeNumber(String field, JsonNode value, int least, int most) {
    String rule = "must be a whole number from " + least + " to " + most + ", not " + quote(value);
    if (!value.isNumber()) {
      throw wrong(field, rule);
    }
    double number = value.doubleValue();
    if (number != Math.rint(number) || number < least || number > most) {
      throw wrong(field, rule);
    }
    return (int) number;
  }

  /** A finite number above zero. */
  double positive(String field, double absent) {
    return mentions(field) ? positive(field) : absent;
  }

  /** A finite number above zero. */
  double positive(String field) {
    if (!mentions(field)) {
      throw wrong(field, "is missing");
    }
    JsonNode value = object.get(field);
    if (!value.isNumber() || !(value.doubleValue() > 0) || Double.isInfinite(value.doubleValue())) {
      throw wrong(field, "must be a positive number, not " + quote(value));
    }
    return value.doubleValue();
  }

  /** Refuses the field unless it is absent, null, or the one value that is supported. */
  void only(String field, JsonNode supported) {
    if (has(field) && !object.get(field).equals(supported)) {
      throw wrong(
          field, "is " + quote(object.get(field)) + "; only " + supported + " is supported");
    }
  }

  /** Refuses the field unless it is absent, null, false or 0. */
  void unset(String field, String why) {
    if (has(field) && !isNothing(object.get(field))) {
      throw wrong(field, "is " + quote(object.get(field)) + "; " + why);
    }
  }

  private static boolean isNothing(JsonNode value) {
    return BooleanNode.FALSE.equals(value) || (value.isNumber() && value.doubleValue() == 0);
  }

  /** Refuses the field unless it is absent, null, or one of these. */
  void oneOf(String field, Set<String> supported) {
    String value = text(field, null);
    if (value != null && !supported.contains(value)) {
      throw wrong(
          field, "is " + quote(object.get(field)) + "; supported: " + String.join(", ", supported));
    }
  }

  /** The field's name as errors say it. */
  String path(String field) {
    return prefix + field;
  }

  RunException wrong(String field, String what) {
    // Text from the file is in it: control characters must not reach a terminal.
    String safe = what.replaceAll("\\p{C}", "?");
    return new RunException(ExitCode.DATA, file + ": " + prefix + field + ": " + safe);
  }

  /** A value as text short enough for one line. */
  static String quote(JsonNode value) {
    if (value.isContainerNode()) {
      return "an " + value.getNodeType().name().toLowerCase(Locale.ROOT);
    }
    String text = value.toString();
    return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "...";
  }

  /** A double as a JSON number that reads as a whole number where it is one. */
  static BigDecimal number(double value) {
    BigDecimal exact = BigDecimal.valueOf(value);
    return exact.stripTrailingZeros().scale() <= 0 ? exact.setScale(0) : exact;
  }
}
