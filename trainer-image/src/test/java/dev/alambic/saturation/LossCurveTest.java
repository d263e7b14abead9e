package dev.alambic.saturation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.run.Progress.CurvePoint;
import java.util.List;
import org.junit.jupiter.api.Test;

class LossCurveTest {
  @Test
  void leavesOutWhatIsNoLossAtAll() {
    LossCurve curve =
        LossCurve.of(
            List.of(
                Curves.point(0, 9),
                Curves.point(10, Double.NaN),
                Curves.point(20, Double.POSITIVE_INFINITY),
                Curves.point(25, 1e300),
                Curves.point(26, -1),
                Curves.point(30, 3)));

    assertThat(curve.tokens()).containsExactly(30);
  }

  @Test
  void sortsAndKeepsTheLatestOfTwoEvaluationsAtTheSameTokens() {
    LossCurve curve =
        LossCurve.of(List.of(Curves.point(20, 3), Curves.point(10, 4), Curves.point(20, 2)));

    assertThat(curve.tokens()).containsExactly(10, 20);
    assertThat(curve.losses()).containsExactly(4, 2);
  }

  @Test
  void fitsOnlyEvaluationsAtAConstantRate() {
    LossCurve curve = LossCurve.of(List.of(changing(1, 9), Curves.point(2, 5), changing(3, 1)));

    assertThat(curve.tokens()).containsExactly(2);
    assertThat(curve.lastTokens()).isEqualTo(2);
  }

  @Test
  void aDecayInTheMiddleIsNoConstantRate() {
    LossCurve curve =
        LossCurve.of(
            List.of(changing(1, 9), Curves.point(2, 5), changing(3, 4), Curves.point(4, 5)));

    assertThat(curve.isConstantRate()).isFalse();
    assertThat(curve.from(4).isConstantRate()).isTrue();
  }

  @Test
  void theWindowIsTheLastDoublingOrAsManyPointsAsASlopeNeeds() {
    LossCurve dense = LossCurve.of(Curves.points(100, 800, t -> 3));
    LossCurve sparse = LossCurve.of(List.of(Curves.point(1, 3), Curves.point(10, 3)));

    assertThat(dense.window(3).firstTokens()).isEqualTo(400);
    assertThat(sparse.window(2).size()).isEqualTo(2);
    assertThat(LossCurve.of(List.of()).window(3).size()).isZero();
  }

  private static CurvePoint changing(long tokens, double loss) {
    return new CurvePoint(tokens, loss, null, null, null, false);
  }
}
