package dev.alambic.bench.distil;

import static dev.alambic.bench.report.Numbers.count;
import static dev.alambic.bench.report.Numbers.decimal;
import static dev.alambic.bench.report.Numbers.mean;
import static dev.alambic.bench.report.Numbers.spread;

import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.bench.distil.Run.SignalForm;
import dev.alambic.bench.report.MarkdownTable;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.LongFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Which runs compare the encodings: for each seed a student from scratch, and one by each encoding
 * of the same teacher, on the same tokens.
 *
 * @param teacher the run that makes the teacher
 * @param tokens of each student
 * @param rate the students' learning rate
 */
record Encodings(Run teacher, long tokens, double rate, List<Long> seeds) {
  static final SignalForm DENSE = new SignalForm(SignalEncoding.Dense, 0, false);

  /** In the table's order. */
  static final List<SignalForm> ALL =
      List.of(
          DENSE,
          new SignalForm(SignalEncoding.TopK, 8, false),
          new SignalForm(SignalEncoding.TopK, 16, false),
          new SignalForm(SignalEncoding.TopK, 64, false),
          new SignalForm(SignalEncoding.Sampled, 12, false),
          new SignalForm(SignalEncoding.Sampled, 50, false),
          new SignalForm(SignalEncoding.Sampled, 256, false),
          new SignalForm(SignalEncoding.TopK, 8, true));

  Run scratch(long seed) {
    return Run.fromScratch(Models.STUDENT, tokens, rate, seed);
  }

  Run student(long seed, SignalForm said) {
    return scratch(seed).distilledFrom(teacher).by(said);
  }

  /** A seed after the other, so that what is done by an interruption compares. */
  List<Run> students() {
    return seeds.stream()
        .flatMap(
            seed ->
                Stream.concat(
                    Stream.of(scratch(seed)), ALL.stream().map(said -> student(seed, said))))
        .toList();
  }

  /** The results of all students and the teacher as Markdown. */
  String report(Map<Run, Result> results) {
    MarkdownTable table =
        new MarkdownTable(
            "encoding | bytes per token %.1f | validation loss | of Dense's gain, % %.1f"
                + " | sure of its guess, % %.1f | right, % %.1f | over-confident, points %+.1f"
                + " | calibration error, points %.1f");
    List<Result> scratch = ofSeeds(results, this::scratch);
    double start = mean(of(scratch, Result::crossEntropy));
    List<Result> dense = ofSeeds(results, seed -> student(seed, DENSE));
    double gain = start - mean(of(dense, Result::crossEntropy));
    row(table, "from scratch", "0", scratch, loss -> "0");
    for (SignalForm said : ALL) {
      List<Result> students = ofSeeds(results, seed -> student(seed, said));
      Double bytes = students.get(0).bytesPerToken();
      row(table, said.name(), bytes, students, loss -> 100 * (start - loss) / gain);
    }
    return "Teacher: %s parameters, loss %s. Students: %s parameters, %s tokens, %d seeds (mean ± sd).%n%n%s"
        .formatted(
            count(Models.shape(teacher.model()).parameters()),
            decimal(4, results.get(teacher).crossEntropy()),
            count(Models.shape(Models.STUDENT).parameters()),
            count(tokens),
            seeds.size(),
            table.text());
  }

  private List<Result> ofSeeds(Map<Run, Result> results, LongFunction<Run> run) {
    return seeds.stream().map(seed -> results.get(run.apply(seed))).toList();
  }

  private static void row(
      MarkdownTable table,
      String name,
      Object bytes,
      List<Result> runs,
      DoubleFunction<Object> share) {
    double[] losses = of(runs, Result::crossEntropy);
    double sure = 100 * mean(of(runs, run -> run.confidence().confidence()));
    double right = 100 * mean(of(runs, run -> run.confidence().accuracy()));
    table.row(
        name,
        bytes,
        spread(4, losses),
        share.apply(mean(losses)),
        sure,
        right,
        sure - right,
        100 * mean(of(runs, run -> run.confidence().calibrationError())));
  }

  private static double[] of(List<Result> runs, ToDoubleFunction<Result> value) {
    return runs.stream().mapToDouble(value).toArray();
  }
}
