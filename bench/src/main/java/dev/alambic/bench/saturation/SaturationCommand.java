package dev.alambic.bench.saturation;

import static dev.alambic.bench.report.Numbers.mean;

import dev.alambic.api.v1alpha1.SaturationState;
import dev.alambic.bench.report.Benchmark;
import dev.alambic.bench.report.MarkdownTable;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Verdicts and intervals on hundreds of curves whose saturation point is known. */
@Command(
    name = "saturation",
    description = "The saturation judge on synthetic curves whose saturation point is known.")
public final class SaturationCommand extends Benchmark {
  private static final List<Double> EXPONENTS = List.of(0.2, 0.3, 0.4, 0.6, 0.8);
  private static final List<Double> NOISES = List.of(0.5, 1.0, 2.0, 10.0);

  @Option(names = "--curves", description = "Of each exponent, noise and correlation")
  private int curves = 25;

  @Option(names = "--correlation", split = ",", description = "Of successive evaluations' noise")
  private List<Double> correlations = List.of(0.0, 0.3, 0.6);

  @Option(names = "--seed", description = "Of the noise")
  private long seed = 1;

  @Override
  protected String measure() {
    MarkdownTable table =
        new MarkdownTable(
            "σ / minGain | alpha | held at half, % %.1f | held at point, % %.1f | held at twice, % %.1f"
                + " | stopped by a quarter, % %.1f | stopped by half, % %.1f | stopped by twice, % %.1f"
                + " | indeterminate, % %.1f | σ seen / σ %.2f");
    for (double noise : NOISES) {
      EXPONENTS.forEach(exponent -> row(table, noise, exponent, List.of(exponent)));
      row(table, noise, "all", EXPONENTS);
    }
    return table.text();
  }

  private void row(MarkdownTable table, double noise, Object name, List<Double> exponents) {
    List<Outcome> outcomes =
        exponents.stream()
            .flatMap(exponent -> correlations.stream().map(c -> new Truth(exponent, noise, c)))
            .flatMap(this::outcomes)
            .toList();
    table.row(
        noise,
        name,
        percent(outcomes, o -> Outcome.holdsTruth(o.half())),
        percent(outcomes, o -> Outcome.holdsTruth(o.point())),
        percent(outcomes, o -> Outcome.holdsTruth(o.twice())),
        percent(outcomes, o -> o.stoppedBy(0.25)),
        percent(outcomes, o -> o.stoppedBy(0.5)),
        percent(outcomes, o -> o.stoppedBy(2)),
        percent(outcomes, o -> o.twice().state() == SaturationState.Indeterminate),
        mean(outcomes.stream().mapToDouble(o -> o.twice().fit().noise() / Truth.MIN_GAIN).toArray())
            / noise);
  }

  private Stream<Outcome> outcomes(Truth truth) {
    return IntStream.range(0, curves)
        .parallel()
        .mapToObj(i -> Outcome.of(truth.curve(random(truth, i))));
  }

  private SplittableRandom random(Truth truth, int index) {
    return new SplittableRandom(1_000_003 * seed + 31L * truth.hashCode() + index);
  }

  private static double percent(List<Outcome> outcomes, Predicate<Outcome> holds) {
    return 100.0 * outcomes.stream().filter(holds).count() / outcomes.size();
  }
}
