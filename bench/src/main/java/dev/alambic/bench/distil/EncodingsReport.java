package dev.alambic.bench.distil;

import static dev.alambic.bench.report.Numbers.count;
import static dev.alambic.bench.report.Numbers.decimal;
import static dev.alambic.bench.report.Numbers.deviation;
import static dev.alambic.bench.report.Numbers.mean;
import static dev.alambic.bench.report.Numbers.signed;

import dev.alambic.bench.report.MarkdownTable;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The table of the encodings. */
final class EncodingsReport {
  private final EncodingsDesign design;
  private final Map<Run, Result> results;

  EncodingsReport(EncodingsDesign design, Map<Run, Result> results) {
    this.design = design;
    this.results = results;
  }

  /** As Markdown: one row for each encoding of which all seeds are done. */
  String text() {
    MarkdownTable table =
        new MarkdownTable(
            "encoding",
            "bytes per token",
            "validation loss",
            "of Dense's gain, %",
            "sure of its guess, %",
            "right, %",
            "over-confident, points",
            "calibration error, points");
    List<Result> scratch = design.seeds().stream().map(design::scratch).map(results::get).toList();
    row(table, "from scratch", scratch);
    for (SignalForm said : EncodingsDesign.ENCODINGS) {
      row(table, said.name(), students(said));
    }
    return "Teacher: %s parameters, loss %s. Students: %s parameters, %s tokens, %d seeds (mean ± sd).%n%n%s"
        .formatted(
            count(Models.shape(design.teacher().model()).parameters()),
            decimal(4, results.get(design.teacher()).crossEntropy()),
            count(Models.shape(Models.STUDENT).parameters()),
            count(design.tokens()),
            design.seeds().size(),
            table.text());
  }

  private List<Result> students(SignalForm said) {
    return design.seeds().stream().map(seed -> results.get(design.student(seed, said))).toList();
  }

  private void row(MarkdownTable table, String name, List<Result> runs) {
    double[] losses = of(runs, Result::crossEntropy);
    Double bytes = runs.get(0).bytesPerToken();
    double sure = 100 * mean(of(runs, run -> run.confidence().confidence()));
    double right = 100 * mean(of(runs, run -> run.confidence().accuracy()));
    table.row(
        name,
        bytes == null ? "0" : decimal(1, bytes),
        decimal(4, mean(losses)) + " ± " + decimal(4, deviation(losses)),
        bytes == null ? "0" : decimal(1, 100 * shareOfGain(losses)),
        decimal(1, sure),
        decimal(1, right),
        signed(1, sure - right),
        decimal(1, 100 * mean(of(runs, run -> run.confidence().calibrationError()))));
  }

  private double shareOfGain(double[] losses) {
    List<Result> fromScratch =
        design.seeds().stream().map(design::scratch).map(results::get).toList();
    double scratch = mean(of(fromScratch, Result::crossEntropy));
    double dense = mean(of(students(EncodingsDesign.DENSE), Result::crossEntropy));
    return (scratch - mean(losses)) / (scratch - dense);
  }

  private static double[] of(List<Result> runs, ToDoubleFunction<Result> value) {
    return runs.stream().mapToDouble(value).toArray();
  }
}
