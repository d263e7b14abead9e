package dev.alambic.saturation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.run.Progress.CurvePoint;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalNoiseTest {
  private static final double SIGMA = 0.01;

  /** A third correlated, the plain estimator of 1986 would see 85 % of it; two thirds: 60 %. */
  @ParameterizedTest
  @CsvSource({"0, 15", "0.3, 15", "0.6, 20"})
  void isThatOfTheEvaluationsHoweverTheyAreCorrelated(double correlation, double percent) {
    SplittableRandom random = new SplittableRandom(3);
    double squares = 0;
    for (int i = 0; i < 100; i++) {
      LocalNoise noise = noise(curve(correlation, random, t -> 3));
      squares += noise.deviation() * noise.deviation() / 100;
    }

    assertThat(Math.sqrt(squares)).isCloseTo(SIGMA, Percentage.withPercentage(percent));
  }

  @Test
  void isNotTheMisfitOfABentCurve() {
    DoubleUnaryOperator bent = t -> 3 + 2 / (1 + Math.pow(t / 2e8, 3));

    LossCurve curve = LossCurve.of(curve(0, new SplittableRandom(1), bent));

    assertThat(noise(curve).deviation()).isLessThan(2 * SIGMA);
    assertThat(PowerLawFit.of(curve).deviation()).isGreaterThan(10 * SIGMA);
  }

  @Test
  void aSpikeHardlyCounts() {
    List<CurvePoint> points = curve(0, new SplittableRandom(1), t -> 3);
    double before = noise(points).deviation();
    points.set(20, Curves.point(points.get(20).tokens(), 9));

    assertThat(noise(points).deviation()).isCloseTo(before, Percentage.withPercentage(20));
  }

  @Test
  void aStraightLineHasNone() {
    double[] x = {1, 2, 4, 5, 9};

    assertThat(LocalNoise.of(x, Arrays.stream(x).map(v -> 3 * v).toArray()).deviation())
        .isLessThan(1e-12);
    assertThat(LocalNoise.of(x, new double[5]).deviation()).isZero();
  }

  private static List<CurvePoint> curve(
      double correlation, SplittableRandom random, DoubleUnaryOperator loss) {
    return Curves.noisy(Curves.points(1e7, 2e9, loss), SIGMA, correlation, random);
  }

  private static LocalNoise noise(List<CurvePoint> points) {
    return noise(LossCurve.of(points));
  }

  private static LocalNoise noise(LossCurve curve) {
    double[] logTokens = Arrays.stream(curve.tokens()).map(Math::log).toArray();
    return LocalNoise.of(logTokens, curve.losses());
  }
}
