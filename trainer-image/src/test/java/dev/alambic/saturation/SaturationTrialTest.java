package dev.alambic.saturation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.SaturationState;
import dev.alambic.run.Progress;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Verdicts on many curves whose saturation point is known. */
class SaturationTrialTest {
  private static final int CURVES = 40;
  private static final List<Double> BEFORE_HALF = List.of(0.25, 0.354, 0.5);
  private static final List<Double> UNTIL_TWICE = List.of(1.414, 1.682, 2.0);

  /**
   * Columns: exponent, noise in thresholds, correlation of successive evaluations. A verdict counts
   * from the first evaluation that gives it, since a run stops there and then.
   */
  @ParameterizedTest
  @CsvSource({
    "0.25, 1, 0.3",
    "0.4, 0.5, 0.5",
    "0.4, 2, 0.3",
    "0.55, 1, 0.5",
    "0.7, 2, 0",
  })
  void saturationIsSeenByTwiceItsPointAndNeverAtHalf(
      double exponent, double noise, double correlation) {
    SplittableRandom random = new SplittableRandom(17);
    int early = 0;
    int seen = 0;
    int covered = 0;
    for (int i = 0; i < CURVES; i++) {
      LossCurve curve = curve(exponent, noise, correlation, random);
      early += isSaturatedAt(curve, BEFORE_HALF) ? 1 : 0;
      seen += isSaturatedAt(curve, UNTIL_TWICE) ? 1 : 0;
      covered += holdsTruth(judge(curve)) ? 1 : 0;
    }

    assertThat(early).as("called saturated by half of the true point").isLessThan(CURVES / 20);
    assertThat(seen).as("called saturated by twice the true point").isGreaterThan(CURVES * 9 / 10);
    assertThat(covered).as("truth within the 90 %% interval").isGreaterThan(CURVES * 8 / 10);
  }

  private static LossCurve curve(
      double exponent, double noise, double correlation, SplittableRandom random) {
    PowerLaw law = Curves.law(exponent);
    double truth = Curves.SATURATION_TOKENS;
    return LossCurve.of(
        Curves.noisy(
            Curves.points(truth / 128, 2 * truth, law::loss),
            noise * Curves.MIN_GAIN,
            correlation,
            random));
  }

  private static boolean isSaturatedAt(LossCurve curve, List<Double> shares) {
    return shares.stream()
        .map(share -> judge(curve.upTo((long) (share * 1.0001 * Curves.SATURATION_TOKENS))))
        .anyMatch(verdict -> verdict.state() == SaturationState.Saturated);
  }

  private static boolean holdsTruth(Progress.Saturation verdict) {
    boolean above =
        verdict.range().low() == null || verdict.range().low() <= Curves.SATURATION_TOKENS;
    boolean below =
        verdict.range().high() == null || verdict.range().high() >= Curves.SATURATION_TOKENS;
    return above && below;
  }

  private static Progress.Saturation judge(LossCurve curve) {
    return SaturationJudge.judge(curve, Curves.MIN_GAIN, SaturationSettings.defaults());
  }
}
