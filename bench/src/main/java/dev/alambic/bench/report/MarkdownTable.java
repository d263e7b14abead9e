package dev.alambic.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A Markdown table whose columns also line up as plain text: the first to the left, numbers right.
 */
public final class MarkdownTable {
  private static final Pattern COLUMN = Pattern.compile("(.+?)(?: (%\\+?\\.\\df))?");
  private final List<List<String>> rows = new ArrayList<>();
  private final List<String> formats = new ArrayList<>();

  /**
   * A table of these columns, which {@code " | "} separates: a heading, and after it the format of
   * its doubles such as {@code %.2f}, if it has any.
   */
  public MarkdownTable(String columns) {
    List<String> headings = new ArrayList<>();
    for (String column : columns.split(" \\| ", -1)) {
      Matcher parts = COLUMN.matcher(column);
      parts.matches();
      headings.add(parts.group(1));
      formats.add(parts.group(2));
    }
    rows.add(headings);
  }

  /**
   * Adds a row: doubles as their column says, NaN as a dash, everything else as it is.
   *
   * @throws IllegalArgumentException if it has more or fewer cells than there are headings
   */
  public void row(Object... cells) {
    if (cells.length != rows.get(0).size()) {
      throw new IllegalArgumentException(
          "a row of " + cells.length + " cells under " + rows.get(0).size() + " headings");
    }
    rows.add(
        IntStream.range(0, cells.length).mapToObj(i -> text(formats.get(i), cells[i])).toList());
  }

  private static String text(String format, Object cell) {
    return format != null && cell instanceof Double number
        ? Numbers.text(format, number)
        : String.valueOf(cell);
  }

  /** The text, each line ended. */
  public String text() {
    int[] widths = IntStream.range(0, rows.get(0).size()).map(this::width).toArray();
    StringBuilder text = new StringBuilder();
    text.append(line(rows.get(0), widths)).append(rule(widths));
    rows.stream().skip(1).forEach(row -> text.append(line(row, widths)));
    return text.toString();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }

  private static String line(List<String> cells, int[] widths) {
    return IntStream.range(0, widths.length)
        .mapToObj(i -> padded(cells.get(i), widths[i], i == 0))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  private static String padded(String cell, int width, boolean left) {
    String space = " ".repeat(width - cell.length());
    return left ? cell + space : space + cell;
  }

  private static String rule(int[] widths) {
    return IntStream.range(0, widths.length)
        .mapToObj(i -> i == 0 ? ":" + "-".repeat(widths[i] + 1) : "-".repeat(widths[i] + 1) + ":")
        .collect(Collectors.joining("|", "|", "|\n"));
  }
}
