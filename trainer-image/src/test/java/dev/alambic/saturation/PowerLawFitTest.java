package dev.alambic.saturation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.alambic.run.Progress.CurvePoint;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PowerLawFitTest {
  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.25, 0.4, 0.7, 1.2})
  void findsTheLawThatMadeACurve(double exponent) {
    PowerLaw truth = new PowerLaw(1.8, 3 * Math.pow(1e8, exponent), exponent);

    PowerLawFit fit = PowerLawFit.of(LossCurve.of(Curves.points(1e7, 1e9, truth::loss)));

    assertThat(fit.law().exponent()).isCloseTo(exponent, Percentage.withPercentage(0.5));
    assertThat(fit.law().loss(1e9)).isCloseTo(truth.loss(1e9), within(1e-3));
    assertThat(fit.law().irreducible()).isCloseTo(1.8, within(0.03));
  }

  @Test
  void gainIsTheDifferenceOfTwoLosses() {
    PowerLaw law = Curves.law(0.4);

    assertThat(law.gain(3e8, 2)).isCloseTo(law.loss(3e8) - law.loss(6e8), within(1e-12));
    assertThat(law.gain(Curves.SATURATION_TOKENS, 1.1)).isCloseTo(Curves.MIN_GAIN, within(1e-12));
    assertThat(Math.exp(law.logSaturationTokens(Curves.MIN_GAIN)))
        .isCloseTo(Curves.SATURATION_TOKENS, Percentage.withPercentage(1e-6));
  }

  @Test
  void theNoiseIsThatOfTheEvaluations() {
    List<CurvePoint> clean = Curves.points(1e7, 1e9, t -> Curves.law(0.4).loss(t));
    SplittableRandom random = new SplittableRandom(3);
    double squares = 0;
    for (int i = 0; i < 100; i++) {
      double noise = PowerLawFit.of(LossCurve.of(Curves.noisy(clean, 0.01, 0, random))).deviation();
      squares += noise * noise / 100;
    }

    assertThat(Math.sqrt(squares)).isCloseTo(0.01, Percentage.withPercentage(5));
  }

  @Test
  void spikesHardlyMoveTheFit() {
    List<CurvePoint> points = new ArrayList<>(Curves.typical(1));
    points.set(20, Curves.point(points.get(20).tokens(), 9));
    points.set(40, Curves.point(points.get(40).tokens(), 7));

    PowerLawFit fit = PowerLawFit.of(LossCurve.of(points));

    assertThat(fit.law().loss(1e9)).isCloseTo(Curves.law(0.4).loss(1e9), within(0.002));
    assertThat(fit.deviation()).isCloseTo(Curves.MIN_GAIN / 2, Percentage.withPercentage(30));
  }

  @Test
  void neverFitsANegativeIrreducibleLossOrAmplitude() {
    PowerLawFit straight = PowerLawFit.of(LossCurve.of(Curves.points(1e7, 1e9, t -> 1e9 / t)));
    PowerLawFit rising =
        PowerLawFit.of(LossCurve.of(Curves.points(1e7, 1e9, t -> Math.log(t) / 5)));

    assertThat(straight.law().irreducible()).isNotNegative();
    assertThat(rising.law().amplitude()).isZero();
  }

  @Test
  void refusesFewerPointsThanALawHasParameters() {
    LossCurve curve = LossCurve.of(Curves.points(1e7, 1.2e7, t -> 3));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> PowerLawFit.of(curve))
        .withMessage("a power law needs more than 3 points, not 3");
  }
}
