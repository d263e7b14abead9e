package dev.alambic.bench.saturation;

import static dev.alambic.bench.report.Numbers.mean;

import dev.alambic.api.v1alpha1.SaturationState;
import dev.alambic.bench.report.Benchmark;
import dev.alambic.bench.report.MarkdownTable;
import dev.alambic.run.Progress;
import dev.alambic.saturation.LossCurve;
import dev.alambic.saturation.SaturationJudge;
import dev.alambic.saturation.SaturationSettings;
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

  /**
   * What the judge made of one curve. It is asked at every evaluation, as a trainer asks it, and
   * the first Saturated counts, because a run stops there and then.
   *
   * @param stoppedAt tokens of the first Saturated, or infinity
   * @param half the verdict at half of the true point
   * @param point the verdict at the true point
   * @param twice the verdict at twice the true point
   */
  private record Outcome(
      double stoppedAt,
      Progress.Saturation half,
      Progress.Saturation point,
      Progress.Saturation twice) {
    static Outcome of(LossCurve curve) {
      return new Outcome(
          stop(curve),
          judge(curve, Truth.SATURATION_TOKENS / 2),
          judge(curve, Truth.SATURATION_TOKENS),
          judge(curve, Truth.LAST_TOKENS));
    }

    /** Whether a run would have stopped by this share of the true point. */
    boolean stoppedBy(double share) {
      return stoppedAt <= share * Truth.SATURATION_TOKENS * 1.0001;
    }

    private static double stop(LossCurve curve) {
      for (int i = 0; Truth.tokens(i) <= Truth.LAST_TOKENS * 1.0001; i++) {
        if (judge(curve, Truth.tokens(i)).state() == SaturationState.Saturated) {
          return Truth.tokens(i);
        }
      }
      return Double.POSITIVE_INFINITY;
    }

    private static Progress.Saturation judge(LossCurve curve, double tokens) {
      return SaturationJudge.judge(
          curve.upTo(Math.round(tokens * 1.0001)), Truth.MIN_GAIN, SaturationSettings.defaults());
    }

    /** Whether its interval holds the true point; an end that is not bounded holds everything. */
    static boolean holdsTruth(Progress.Saturation verdict) {
      Progress.Range range = verdict.range();
      return (range.low() == null || range.low() <= Truth.SATURATION_TOKENS)
          && (range.high() == null || range.high() >= Truth.SATURATION_TOKENS);
    }
  }

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
