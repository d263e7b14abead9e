package dev.alambic.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares a value with a structural schema, the part of JSON Schema that CustomResourceDefinitions
 * are written in, and says what is wrong in the field's own words.
 */
final class SchemaCheck {
  private final List<String> problems = new ArrayList<>();

  /** All problems, in the value's order; none if it satisfies the schema. */
  List<String> check(JsonNode schema, JsonNode value) {
    check(schema, value, FieldPath.ROOT);
    return problems;
  }

  private void check(JsonNode schema, JsonNode value, FieldPath path) {
    if (value.isNull()) {
      if (!schema.path("nullable").asBoolean()) {
        problem(path, "is empty: give a value or leave it out");
      }
    } else if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      integerOrText(schema, value, path);
    } else {
      typed(schema, value, path);
    }
  }

  private void typed(JsonNode schema, JsonNode value, FieldPath path) {
    switch (schema.path("type").asText()) {
      case "object" -> object(schema, value, path);
      case "array" -> list(schema, value, path);
      case "string" -> text(schema, value, path);
      case "integer" -> integer(schema, value, path);
      case "boolean" -> bool(value, path);
      default -> {}
    }
  }

  private void object(JsonNode schema, JsonNode value, FieldPath path) {
    if (!value.isObject()) {
      problem(path, "must be a mapping of fields, not " + Quoted.value(value));
      return;
    }
    for (JsonNode required : schema.path("required")) {
      if (!value.has(required.asText())) {
        problem(path.field(required.asText()), missing(field(schema, required.asText())));
      }
    }
    most(schema, "maxProperties", value.size(), "fields", path);
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      FieldPath inner = path.field(field.getKey());
      JsonNode innerSchema = field(schema, field.getKey());
      if (!innerSchema.isMissingNode()) {
        check(innerSchema, field.getValue(), inner);
      } else if (!schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
        problem(inner, unknown(schema, field.getKey()));
      }
    }
  }

  private static JsonNode field(JsonNode schema, String name) {
    JsonNode known = schema.path("properties").path(name);
    return known.isMissingNode() ? schema.path("additionalProperties") : known;
  }

  private static String missing(JsonNode schema) {
    String description = schema.path("description").asText().split("\\.( |$)", 2)[0];
    return description.isEmpty() ? "is missing" : "is missing. " + description;
  }

  private static String unknown(JsonNode schema, String name) {
    List<String> known = new ArrayList<>();
    schema.path("properties").fieldNames().forEachRemaining(known::add);
    return NearestName.of(name, known)
        .map(near -> "unknown field: did you mean " + near + "?")
        .orElse("unknown field");
  }

  private void list(JsonNode schema, JsonNode value, FieldPath path) {
    if (!value.isArray()) {
      problem(path, "must be a list, not " + Quoted.value(value));
      return;
    }
    most(schema, "maxItems", value.size(), "items", path);
    for (int i = 0; i < value.size(); i++) {
      check(schema.path("items"), value.get(i), path.item(i));
    }
    if (schema.path("x-kubernetes-list-type").asText().equals("map")) {
      distinct(schema.path("x-kubernetes-list-map-keys").path(0).asText(), value, path);
    }
  }

  private void distinct(String key, JsonNode list, FieldPath path) {
    Set<JsonNode> seen = new HashSet<>();
    for (int i = 0; i < list.size(); i++) {
      JsonNode name = list.get(i).path(key);
      if (name.isTextual() && !seen.add(name)) {
        problem(path.item(i).field(key), Quoted.value(name) + " is there twice");
      }
    }
  }

  private void text(JsonNode schema, JsonNode value, FieldPath path) {
    if (schema.has("enum")) {
      oneOf(schema, value, path);
      return;
    }
    if (value.isNumber() || value.isBoolean()) {
      String text = value.asText();
      problem(path, Quoted.value(value) + " must be text: write it in quotes, \"" + text + "\"");
      return;
    }
    if (!value.isTextual()) {
      problem(path, "must be text, not " + Quoted.value(value));
      return;
    }
    form(schema, value.textValue(), path);
  }

  private void oneOf(JsonNode schema, JsonNode value, FieldPath path) {
    List<String> known = new ArrayList<>();
    schema.get("enum").forEach(name -> known.add(name.asText()));
    if (!value.isTextual() || !known.contains(value.textValue())) {
      problem(path, Quoted.value(value) + " is not known: write " + either(known));
    }
  }

  private static String either(List<String> names) {
    int last = names.size() - 1;
    return last == 0
        ? names.get(0)
        : String.join(", ", names.subList(0, last)) + " or " + names.get(last);
  }

  private void form(JsonNode schema, String text, FieldPath path) {
    int length = text.codePointCount(0, text.length());
    if (length < schema.path("minLength").asInt()) {
      problem(path, "is empty: give a value or leave it out");
    } else if (most(schema, "maxLength", length, "characters", path) && schema.has("pattern")) {
      PatternWords.mismatch(schema.get("pattern").asText(), text)
          .ifPresent(words -> problem(path, words));
    }
  }

  private void integerOrText(JsonNode schema, JsonNode value, FieldPath path) {
    if (value.isIntegralNumber()) {
      range(schema, value.bigIntegerValue(), Long.SIZE, path);
    } else if (value.isNumber()) {
      problem(
          path, value.asText() + " must be text: write it in quotes, \"" + value.asText() + "\"");
    } else if (value.isTextual()) {
      form(schema, value.textValue(), path);
    } else {
      problem(path, "must be a number or text, not " + Quoted.value(value));
    }
  }

  private void integer(JsonNode schema, JsonNode value, FieldPath path) {
    if (value.isIntegralNumber()) {
      int bits = schema.path("format").asText().equals("int32") ? Integer.SIZE : Long.SIZE;
      range(schema, value.bigIntegerValue(), bits, path);
    } else {
      problem(path, Quoted.value(value) + " must be a whole number");
    }
  }

  private void range(JsonNode schema, BigInteger value, int bits, FieldPath path) {
    JsonNode low = schema.path("minimum");
    JsonNode high = schema.path("maximum");
    if (low.isNumber() && value.compareTo(low.bigIntegerValue()) < 0) {
      problem(path, shortened(value) + " must be at least " + low.asText());
    } else if (high.isNumber() && value.compareTo(high.bigIntegerValue()) > 0) {
      problem(path, shortened(value) + " must be at most " + high.asText());
    } else if (value.bitLength() >= bits) {
      BigInteger limit = BigInteger.ONE.shiftLeft(bits - 1).subtract(BigInteger.ONE);
      problem(
          path, shortened(value) + " does not fit: it must lie within -" + limit + " and " + limit);
    }
  }

  private static String shortened(BigInteger value) {
    String digits = value.toString();
    return digits.length() <= 25 ? digits : digits.substring(0, 20) + "…";
  }

  private void bool(JsonNode value, FieldPath path) {
    if (!value.isBoolean()) {
      problem(path, Quoted.value(value) + " must be true or false");
    }
  }

  private boolean most(JsonNode schema, String bound, int size, String what, FieldPath path) {
    JsonNode limit = schema.path(bound);
    if (limit.isNumber() && size > limit.asInt()) {
      problem(path, "has " + size + " " + what + ": at most " + limit.asInt() + " are allowed");
      return false;
    }
    return true;
  }

  private void problem(FieldPath path, String reason) {
    problems.add(path.problem(reason));
  }
}
