package dev.alambic.bench.distil;

import static dev.alambic.bench.report.Numbers.count;
import static dev.alambic.bench.report.Numbers.decimal;
import static dev.alambic.bench.report.Numbers.deviation;
import static dev.alambic.bench.report.Numbers.mean;
import static dev.alambic.bench.report.Numbers.signed;

import dev.alambic.bench.report.MarkdownTable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The tables, and in words what they show. */
final class Report {
  private final Design design;
  private final Map<Run, Result> results;
  private final double rate;

  /**
   * A report.
   *
   * @param results of all runs of the design
   * @param rate the students' learning rate
   */
  Report(Design design, Map<Run, Result> results, double rate) {
    this.design = design;
    this.results = results;
    this.rate = rate;
  }

  /** As Markdown. */
  String text() {
    return String.join(
        "\n", models(), scratchTable().text(), scratchVerdict(), teacherTable().text(), verdict());
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
            decimal(4, loss(run)));
  }

  private MarkdownTable scratchTable() {
    MarkdownTable table =
        new MarkdownTable("tokens", "seed", "scratch", "distilled", "distilled - scratch");
    design.horizons().forEach(tokens -> rows(table, tokens, scratch(tokens), distilled(tokens)));
    return table;
  }

  private MarkdownTable teacherTable() {
    MarkdownTable table =
        new MarkdownTable("tokens", "seed", "small teacher", "large teacher", "large - small");
    for (long tokens : teacherHorizons()) {
      rows(table, tokens, distilledFromSmall(tokens), distilled(tokens));
    }
    return table;
  }

  private List<Long> teacherHorizons() {
    return List.of(design.shortHorizon(), design.longHorizon());
  }

  private void rows(MarkdownTable table, long tokens, double[] left, double[] right) {
    for (int i = 0; i < left.length; i++) {
      table.row(
          count(tokens),
          Long.toString(design.seeds().get(i)),
          decimal(4, left[i]),
          decimal(4, right[i]),
          signed(4, right[i] - left[i]));
    }
    double[] differences = differences(left, right);
    table.row(
        count(tokens),
        "mean ± sd",
        spread(decimal(4, mean(left)), left),
        spread(decimal(4, mean(right)), right),
        spread(signed(4, mean(differences)), differences));
  }

  private static String spread(String mean, double[] values) {
    return mean + " ± " + decimal(4, deviation(values));
  }

  private String scratchVerdict() {
    long lower = 0;
    long pairs = 0;
    for (long tokens : design.horizons()) {
      lower += below(differences(scratch(tokens), distilled(tokens)));
      pairs += design.seeds().size();
    }
    return lower == pairs
        ? "Distilled is lower in all %d pairs.%n".formatted(pairs)
        : "Distilled is lower in %d of %d pairs only.%n".formatted(lower, pairs);
  }

  private String verdict() {
    double[] early = teacherDifferences(design.shortHorizon());
    double[] late = teacherDifferences(design.longHorizon());
    boolean reversed = mean(early) > 0 && mean(late) < 0;
    return "%s: the small teacher is the better one in %d of %d seeds at %s tokens and in %d of %d at %s.%n"
        .formatted(
            reversed ? "The order reverses" : "**The order did not reverse**",
            early.length - below(early),
            early.length,
            count(design.shortHorizon()),
            late.length - below(late),
            late.length,
            count(design.longHorizon()));
  }

  private double[] teacherDifferences(long tokens) {
    return differences(distilledFromSmall(tokens), distilled(tokens));
  }

  private static long below(double[] differences) {
    return Arrays.stream(differences).filter(d -> d < 0).count();
  }

  private static double[] differences(double[] left, double[] right) {
    double[] differences = new double[left.length];
    for (int i = 0; i < left.length; i++) {
      differences[i] = right[i] - left[i];
    }
    return differences;
  }

  private double[] scratch(long tokens) {
    return losses(tokens, run -> run);
  }

  private double[] distilled(long tokens) {
    return losses(tokens, run -> run.distilledFrom(design.largeTeacher()));
  }

  private double[] distilledFromSmall(long tokens) {
    return losses(tokens, run -> run.distilledFrom(design.smallTeacher()));
  }

  private double[] losses(long tokens, Function<Run, Run> kind) {
    return design.seeds().stream()
        .map(seed -> kind.apply(design.scratch(tokens, rate, seed)))
        .mapToDouble(this::loss)
        .toArray();
  }

  private double loss(Run run) {
    return results.get(run).crossEntropy();
  }
}
