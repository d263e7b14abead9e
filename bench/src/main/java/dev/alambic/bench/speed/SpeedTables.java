package dev.alambic.bench.speed;

import static dev.alambic.bench.report.Numbers.count;
import static dev.alambic.bench.report.Numbers.decimal;

import dev.alambic.bench.report.MarkdownTable;
import java.util.List;

/** The tables of measured speeds. */
final class SpeedTables {
  private SpeedTables() {}

  static MarkdownTable steps(List<Measurement> measurements) {
    MarkdownTable table =
        new MarkdownTable(
            "parameters",
            "hidden",
            "vocabulary",
            "batch",
            "precision",
            "threads",
            "step tokens/s",
            "step GFLOP/s",
            "matmul GFLOP/s",
            "step / matmul");
    for (Measurement m : measurements) {
      table.row(
          count(m.size().shape().parameters()),
          Integer.toString(m.size().shape().hiddenSize()),
          Integer.toString(m.size().shape().vocabulary().size()),
          m.size().batch() + " x " + ModelSize.SEQUENCE,
          m.precision().name(),
          Integer.toString(m.threads()),
          decimal(0, m.step()),
          decimal(1, m.stepGigaflops()),
          decimal(1, m.matmul()),
          decimal(2, m.stepGigaflops() / m.matmul()));
    }
    return table;
  }

  static MarkdownTable teachers(List<Measurement> measurements) {
    MarkdownTable table =
        new MarkdownTable(
            "parameters",
            "precision",
            "threads",
            "scoring tokens/s",
            "forward tokens/s",
            "scoring / forward",
            "scoring GFLOP/s",
            "scoring / matmul");
    for (Measurement m : measurements) {
      table.row(
          count(m.size().shape().parameters()),
          m.precision().name(),
          Integer.toString(m.threads()),
          decimal(0, m.teacher().scoring()),
          decimal(0, m.teacher().forward()),
          decimal(2, m.teacher().scoring() / m.teacher().forward()),
          decimal(1, m.scoringGigaflops()),
          decimal(2, m.scoringGigaflops() / m.matmul()));
    }
    return table;
  }
}
