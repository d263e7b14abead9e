package dev.alambic.bench.fuzz;

import dev.alambic.bench.report.MarkdownTable;
import dev.alambic.bench.report.Numbers;
import java.util.List;

/** What the parsers made of their inputs, as Markdown. */
final class FuzzTable {
  private FuzzTable() {}

  static String text(List<Tally> tallies) {
    MarkdownTable table =
        new MarkdownTable(
            "parser",
            "inputs",
            "accepted",
            "refused",
            "crashes",
            "slowest, ms",
            "allocated, MB",
            "peak heap, MB");
    for (Tally tally : tallies) {
      table.row(
          tally.parser(),
          Integer.toString(tally.inputs()),
          Integer.toString(tally.accepted()),
          Integer.toString(tally.refused()),
          Integer.toString(tally.crashes().size()),
          Numbers.decimal(1, tally.slowestNanos() / 1e6),
          Numbers.decimal(1, tally.mostBytes() / 1e6),
          Numbers.decimal(0, tally.peakHeapBytes() / 1e6));
    }
    return table.text();
  }
}
