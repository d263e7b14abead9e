package dev.alambic.operator.local;

import java.util.LinkedHashMap;
import java.util.Map;

/** One fact a line: names, and values that begin in one column. */
final class Rows {
  private final Map<String, String> rows = new LinkedHashMap<>();

  /** Adds a fact, unless it is not known: null. */
  void add(String name, String value) {
    if (value != null) {
      rows.put(name, value);
    }
  }

  /** The lines, each ended. */
  String print() {
    int width = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
    StringBuilder table = new StringBuilder();
    rows.forEach(
        (name, value) ->
            table
                .append(name)
                .append(" ".repeat(width - name.length() + 2))
                .append(value)
                .append('\n'));
    return table.toString();
  }

  /** The facts by name, in their order. */
  Map<String, String> all() {
    return rows;
  }
}
