package dev.alambic.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;

/** A user's values inside a message: one line, not too long. */
final class Quoted {
  private static final int LONGEST = 60;

  private Quoted() {}

  /** A value as the user would recognise it. */
  static String value(JsonNode value) {
    if (value.isTextual()) {
      return text(value.textValue());
    }
    if (value.isObject()) {
      return "a mapping of fields";
    }
    return value.isArray() ? "a list" : cut(value.asText());
  }

  /** Text in quotes, cut after sixty characters, control characters as {@code ?}. */
  static String text(String text) {
    return "\"" + cut(text) + "\"";
  }

  private static String cut(String text) {
    String line = text.substring(0, Math.min(LONGEST, text.length())).replaceAll("\\p{Cntrl}", "?");
    return text.length() > LONGEST ? line + "…" : line;
  }
}
