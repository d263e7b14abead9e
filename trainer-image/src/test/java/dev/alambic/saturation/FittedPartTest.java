package dev.alambic.saturation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.run.Progress.CurvePoint;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class FittedPartTest {
  private static final PowerLaw LAW = Curves.law(0.4);

  @Test
  void isAllOfACurveThatIsOnePowerLaw() {
    LossCurve curve = LossCurve.of(Curves.typical(2));

    assertThat(FittedPart.of(curve, Curves.MIN_GAIN).curve().size()).isEqualTo(curve.size());
  }

  /** As models begin: slowly, then steeply, and only then along a power law. */
  @Test
  void leavesOutWhatCameBeforeTheLaw() {
    List<CurvePoint> clean =
        Curves.points(1e7, 2e9, t -> LAW.loss(t) + 3 / (1 + Math.pow(t / 2e7, 3)));
    LossCurve curve =
        LossCurve.of(Curves.noisy(clean, Curves.MIN_GAIN, 0.3, new SplittableRandom(7)));

    FittedPart part = FittedPart.of(curve, Curves.MIN_GAIN);

    assertThat(part.curve().firstTokens()).isBetween(60_000_000L, 250_000_000L);
    assertThat(part.fit().law().loss(4e9)).isCloseTo(LAW.loss(4e9), Percentage.withPercentage(1));
    assertThat(part.noise().deviation()).isLessThan(1.6 * Curves.MIN_GAIN);
  }

  @Test
  void aCurveThatOnlyFallsHasNoBend() {
    LossCurve steepening =
        LossCurve.of(Curves.points(1e7, 1e9, t -> 9 - Math.pow(Math.log(t), 2) / 100));

    assertThat(FittedPart.of(steepening, Curves.MIN_GAIN).bends()).isFalse();
    assertThat(FittedPart.of(LossCurve.of(Curves.typical(1)), Curves.MIN_GAIN).bends()).isTrue();
  }
}
