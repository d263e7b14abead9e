package dev.alambic.chat;

import java.time.Duration;
import java.util.Set;

/**
 * What a template may ask of the library, which has few bounds of its own.
 *
 * @param characters of the template
 * @param depth of brackets inside brackets, and of blocks inside blocks
 * @param operators filters, members, indexes and sums in one tag: each is a level of recursion
 * @param output characters of a rendered conversation, and of any text on the way
 * @param collection entries of a list or a map that a template makes
 * @param time of one rendering
 */
record TemplateLimits(
    int characters, int depth, int operators, long output, int collection, Duration time) {
  /** Real templates have tens of thousands of characters, and take milliseconds. */
  static final TemplateLimits REAL =
      new TemplateLimits(1 << 18, 50, 500, 4 << 20, 1 << 14, Duration.ofSeconds(3));

  private static final String OPERATORS = "|.[+~";

  /** Tags with an end of their own; a {@code set} is not counted, as most have none. */
  private static final Set<String> OPENING =
      Set.of(
          "autoescape",
          "block",
          "call",
          "filter",
          "for",
          "generation",
          "if",
          "ifchanged",
          "macro",
          "raw",
          "unless");

  /** The objection to a template that the library would descend into too deep. */
  static final String TOO_DEEP = "its brackets, blocks or operators are nested too deep";

  /** Why a template is refused unread; null if it is not. */
  String objection(String template) {
    if (template.length() > characters) {
      return "longer than " + characters + " characters";
    }
    int blocks = 0;
    int at = 0;
    while (true) {
      int start = template.indexOf('{', at);
      if (start < 0 || start + 1 >= template.length()) {
        return null;
      }
      char kind = template.charAt(start + 1);
      at = start + 1;
      if (kind == '#') {
        at = Math.max(at, template.indexOf("#}", at));
      } else if (kind == '{' || kind == '%') {
        at = start + 2;
        if (kind == '%') {
          String word = word(template, at);
          blocks = Math.max(0, blocks + change(word));
        }
        int end = end(template, at, kind == '%' ? '%' : '}');
        if (end < 0 || blocks > depth) {
          return TOO_DEEP;
        }
        at = end;
      }
    }
  }

  /** By how many blocks a tag is deeper inside than before. */
  private static int change(String word) {
    if (word.startsWith("end")) {
      return -1;
    }
    return OPENING.contains(word) ? 1 : 0;
  }

  /** The first word of a tag. */
  private static String word(String template, int from) {
    int start = from;
    while (start < template.length() && !Character.isLetter(template.charAt(start))) {
      start++;
    }
    int end = start;
    while (end < template.length() && Character.isLetter(template.charAt(end))) {
      end++;
    }
    return template.substring(start, end);
  }

  /** Where the tag ends; -1 if it is nested deeper than the limits. Quoted text counts nothing. */
  private int end(String template, int from, char closing) {
    int open = 0;
    int found = 0;
    char quote = 0;
    for (int i = from; i < template.length(); i++) {
      char c = template.charAt(i);
      if (quote != 0) {
        if (c == '\\') {
          i++;
        } else if (c == quote) {
          quote = 0;
        }
        continue;
      }
      if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == closing && open == 0 && template.startsWith("}", i + 1)) {
        return i;
      } else if (c == '(' || c == '[' || c == '{') {
        open++;
      } else if (c == ')' || c == ']' || c == '}') {
        open--;
      }
      if (OPERATORS.indexOf(c) >= 0) {
        found++;
      }
      if (open > depth || found > operators) {
        return -1;
      }
    }
    return template.length();
  }
}
