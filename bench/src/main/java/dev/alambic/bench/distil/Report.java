package dev.alambic.bench.distil;

import static dev.alambic.bench.report.Numbers.count;
import static dev.alambic.bench.report.Numbers.decimal;
import static dev.alambic.bench.report.Numbers.deviation;
import static dev.alambic.bench.report.Numbers.mean;
import static dev.alambic.bench.report.Numbers.signed;
import static dev.alambic.bench.report.Numbers.spread;

import dev.alambic.bench.report.MarkdownTable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The tables, and in words what they show.
 *
 * @param results of all runs of the design
 * @param rate the students' learning rate
 */
record Report(Design design, Map<Run, Result> results, double rate) {
  /** As Markdown. */
  String text() {
    List<Long> horizons = List.of(design.shortHorizon(), design.longHorizon());
    return String.join(
        "\n",
        models(),
        table("scratch %.4f | distilled %.4f | distilled - scratch %+.4f", design.horizons(), null),
        scratchVerdict(),
        table(
            "small teacher %.4f | large teacher %.4f | large - small %+.4f",
            horizons, design.smallTeacher()),
        teacherVerdict());
  }

  private String models() {
    return """
        Validation loss in nats per token on the held-out text. Student: %s parameters, learning rate
        %s (the best of %s for a student from scratch at %s tokens). %s. %s.
        Commit of the runs: %s.
        """
        .formatted(
            count(Models.shape(Models.STUDENT).parameters()),
            rate,
            design.rates().stream().map(String::valueOf).collect(Collectors.joining(", ")),
            count(design.rateTokens()),
            teacher("Small teacher", design.smallTeacher()),
            teacher("Large teacher", design.largeTeacher()),
            results.values().stream()
                .map(Result::commit)
                .distinct()
                .collect(Collectors.joining(", ")));
  }

  private String teacher(String title, Run run) {
    return "%s: %s parameters, trained on %s tokens, loss %s"
        .formatted(
            title,
            count(Models.shape(run.model()).parameters()),
            count(run.tokens()),
            decimal(4, results.get(run).crossEntropy()));
  }

  /** What the large teacher made, beside what another one made or, by null, none. */
  private String table(String headings, List<Long> horizons, Run other) {
    MarkdownTable table = new MarkdownTable("tokens | seed | " + headings);
    for (long tokens : horizons) {
      double[] left = losses(tokens, other);
      double[] right = losses(tokens, design.largeTeacher());
      double[] difference = differences(tokens, other);
      for (int i = 0; i < left.length; i++) {
        table.row(count(tokens), design.seeds().get(i), left[i], right[i], difference[i]);
      }
      table.row(
          count(tokens),
          "mean ± sd",
          spread(4, left),
          spread(4, right),
          signed(4, mean(difference)) + " ± " + decimal(4, deviation(difference)));
    }
    return table.text();
  }

  private String scratchVerdict() {
    long lower = design.horizons().stream().mapToLong(tokens -> below(tokens, null)).sum();
    long pairs = (long) design.horizons().size() * design.seeds().size();
    return lower == pairs
        ? "Distilled is lower in all %d pairs.%n".formatted(pairs)
        : "Distilled is lower in %d of %d pairs only.%n".formatted(lower, pairs);
  }

  private String teacherVerdict() {
    Run small = design.smallTeacher();
    boolean reversed =
        mean(differences(design.shortHorizon(), small)) > 0
            && mean(differences(design.longHorizon(), small)) < 0;
    int seeds = design.seeds().size();
    return "%s: the small teacher is the better one in %d of %d seeds at %s tokens and in %d of %d at %s.%n"
        .formatted(
            reversed ? "The order reverses" : "**The order did not reverse**",
            seeds - below(design.shortHorizon(), small),
            seeds,
            count(design.shortHorizon()),
            seeds - below(design.longHorizon(), small),
            seeds,
            count(design.longHorizon()));
  }

  private long below(long tokens, Run other) {
    return Arrays.stream(differences(tokens, other)).filter(d -> d < 0).count();
  }

  /** Losses by the large teacher less those by another one, a seed each. */
  private double[] differences(long tokens, Run other) {
    double[] left = losses(tokens, other);
    double[] right = losses(tokens, design.largeTeacher());
    return IntStream.range(0, left.length).mapToDouble(i -> right[i] - left[i]).toArray();
  }

  /** Of students of a teacher, or by null of none. */
  private double[] losses(long tokens, Run teacher) {
    return design.seeds().stream()
        .map(seed -> design.scratch(tokens, rate, seed).distilledFrom(teacher))
        .mapToDouble(run -> results.get(run).crossEntropy())
        .toArray();
  }
}
