package dev.alambic.cli.text;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Facts for people: one a line, names and values aligned. */
public final class FactTable {
  private final Map<String, String> rows = new LinkedHashMap<>();

  /** Adds a fact; a value of null is none. */
  public void add(String name, String value) {
    if (value != null) {
      rows.put(name, value);
    }
  }

  /** The text, ending with a line break. */
  public String print() {
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
  public Map<String, String> all() {
    return Collections.unmodifiableMap(rows);
  }
}
