package dev.alambic.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers as YAML 1.1 writes them, which is what kubectl reads. */
final class YamlNumber {
  private static final Pattern INTEGER =
      Pattern.compile("([-+]?)(0b[01]+|0x[0-9a-fA-F]+|0o?[0-7]+|0|[1-9][0-9]*)");
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?");
  private static final int MAX_DIGITS = 400;
  private static final double MAX_EXACT = 1L << 53;

  private YamlNumber() {}

  /** The number; or text, where YAML 1.1 sees one (1:30 is 90) and kubectl does not. */
  static JsonNode read(String text) {
    String digits = text.replace("_", "");
    Matcher integer = INTEGER.matcher(digits);
    if (digits.length() > MAX_DIGITS) {
      return JsonNodeFactory.instance.textNode(text);
    }
    if (integer.matches()) {
      BigInteger value = magnitude(integer.group(2));
      return whole(integer.group(1).equals("-") ? value.negate() : value);
    }
    if (DECIMAL.matcher(digits).matches()) {
      double value = Double.parseDouble(digits);
      return value == Math.rint(value) && Math.abs(value) <= MAX_EXACT
          ? JsonNodeFactory.instance.numberNode((long) value)
          : JsonNodeFactory.instance.numberNode(value);
    }
    return JsonNodeFactory.instance.textNode(text);
  }

  private static BigInteger magnitude(String digits) {
    if (digits.startsWith("0b")) {
      return new BigInteger(digits.substring(2), 2);
    }
    if (digits.startsWith("0x")) {
      return new BigInteger(digits.substring(2), 16);
    }
    if (digits.startsWith("0o")) {
      return new BigInteger(digits.substring(2), 8);
    }
    return new BigInteger(digits, digits.startsWith("0") ? 8 : 10);
  }

  private static JsonNode whole(BigInteger value) {
    return value.bitLength() < Long.SIZE
        ? JsonNodeFactory.instance.numberNode(value.longValue())
        : JsonNodeFactory.instance.numberNode(value);
  }
}
