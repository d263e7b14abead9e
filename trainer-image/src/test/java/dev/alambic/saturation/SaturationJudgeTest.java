package dev.alambic.saturation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.alambic.api.v1alpha1.SaturationState;
import dev.alambic.run.Progress;
import dev.alambic.run.Progress.CurvePoint;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SaturationJudgeTest {
  private static final PowerLaw LAW = Curves.law(0.4);

  @Test
  void saysHowManyEvaluationsAreMissing() {
    Progress.Saturation verdict =
        judge(
            List.of(
                Curves.point(1_000_000, 4),
                Curves.point(2_000_000, 3),
                Curves.point(3_000_000, 2.9)));

    assertThat(verdict.state()).isEqualTo(SaturationState.Unknown);
    assertThat(verdict.reason()).isEqualTo("3 of 8 evaluations needed at a constant learning rate");
    assertThat(verdict.gains().perTenth()).isNull();
  }

  @Test
  void nothingIsKnownWithoutAnEvaluation() {
    assertThat(judge(List.of()).state()).isEqualTo(SaturationState.Unknown);
  }

  @Test
  void improvesWhileSaturationIsFarAhead() {
    Progress.Saturation verdict = judge(Curves.typical(0.25));

    assertThat(verdict.state()).isEqualTo(SaturationState.Improving);
    assertThat(verdict.gains().perTenth())
        .isCloseTo(LAW.gain(0.25e9, 1.1), Percentage.withPercentage(20));
    assertThat(verdict.gains().perDoubling())
        .isCloseTo(LAW.gain(0.25e9, 2), Percentage.withPercentage(20));
  }

  @Test
  void isNearWithinTwiceTheTokens() {
    assertThat(judge(Curves.typical(0.8)).state()).isEqualTo(SaturationState.NearSaturation);
  }

  @Test
  void isSaturatedAtTwiceTheSaturationPoint() {
    Progress.Saturation verdict = judge(Curves.typical(2));

    assertThat(verdict.state()).isEqualTo(SaturationState.Saturated);
    assertThat(verdict.range().low()).isLessThanOrEqualTo(verdict.range().estimate());
    assertThat(verdict.range().estimate()).isLessThanOrEqualTo(verdict.range().high());
    assertThat(1_000_000_000L).isBetween(verdict.range().low(), verdict.range().high());
    assertThat(verdict.fit().points()).isGreaterThan(50);
  }

  @Test
  void isTheSameForTheSameCurve() {
    assertThat(judge(Curves.typical(1.3))).isEqualTo(judge(Curves.typical(1.3)));
  }

  /** An estimate at r times the tokens so far may yet settle at r^4 times. */
  @Test
  void theIntervalOfAnEarlyFitAdmitsThatItCallsSaturationTooSoon() {
    Progress.Saturation verdict = judge(Curves.points(1e9 / 128, 0.5e9, LAW::loss));

    double ratio = verdict.range().estimate() / 0.5e9;
    assertThat(ratio).isGreaterThan(1.9);
    assertThat(verdict.range().high().doubleValue())
        .isGreaterThanOrEqualTo(0.98 * 0.5e9 * Math.pow(ratio, 4));
  }

  /** Its saturation point is at 1e9: two laws that each bring half of the threshold there. */
  @Test
  void theIntervalOfACurveThatIsNoSinglePowerLawHoldsItsSaturationPoint() {
    PowerLaw steep = Curves.law(0.8);
    PowerLaw flat = Curves.law(0.3);
    List<CurvePoint> points =
        Curves.points(1e9 / 128, 2e9, t -> (steep.loss(t) + flat.loss(t)) / 2);

    Progress.Saturation verdict = judge(points);

    assertThat(verdict.state()).isEqualTo(SaturationState.Saturated);
    assertThat(verdict.range().estimate()).isLessThan(1_000_000_000L);
    assertThat(verdict.range().high()).isGreaterThan(1_000_000_000L);
    assertThat(judge(points.subList(0, points.size() - 16)).state())
        .isEqualTo(SaturationState.NearSaturation);
  }

  @Test
  void setsNoBoundWhereTheCurveSetsNone() {
    Progress.Saturation verdict = judge(Curves.points(1e6, 4e6, t -> 9 - Math.log(t) / 5));

    assertThat(verdict.state()).isEqualTo(SaturationState.Improving);
    assertThat(verdict.range().high()).isNull();
    assertThat(verdict.gains().perTenth()).isPositive();
  }

  @Test
  void isIndeterminateWhenNoiseDrownsTheThreshold() {
    List<CurvePoint> clean = Curves.points(1e9 / 128, 2e9, LAW::loss);
    Progress.Saturation verdict =
        judge(Curves.noisy(clean, 10 * Curves.MIN_GAIN, 0, new SplittableRandom(5)));

    assertThat(verdict.state()).isEqualTo(SaturationState.Indeterminate);
    assertThat(verdict.reason()).contains("more than twice minGain (0.0020)");
  }

  @Test
  void aLossThatNeverMovedIsNotSaturation() {
    Progress.Saturation verdict = judge(Curves.points(1e7, 1e9, t -> 10.8));

    assertThat(verdict.state()).isEqualTo(SaturationState.Indeterminate);
    assertThat(verdict.reason()).startsWith("the loss has not fallen since the first evaluation");
    assertThat(verdict.gains().perTenth()).isZero();
  }

  @Test
  void aRisingLossRegresses() {
    List<CurvePoint> overfitted =
        Curves.points(1e9 / 128, 2e9, t -> LAW.loss(t) + 0.1 * Math.max(0, Math.log(t / 8e8)));
    Progress.Saturation verdict =
        judge(Curves.noisy(overfitted, Curves.MIN_GAIN / 2, 0, new SplittableRandom(5)));

    assertThat(verdict.state()).isEqualTo(SaturationState.Regressing);
    assertThat(verdict.reason()).contains("rose by");
  }

  @Test
  void aLossThatOnlyEverRoseRegresses() {
    assertThat(judge(Curves.points(1e7, 1e9, t -> Math.log(t) / 5)).state())
        .isEqualTo(SaturationState.Regressing);
  }

  @Test
  void oneSpikeChangesNothing() {
    List<CurvePoint> improving = new ArrayList<>(Curves.typical(0.25));
    List<CurvePoint> saturated = new ArrayList<>(Curves.typical(2));
    spike(improving, improving.size() - 1);
    spike(improving, improving.size() / 2);
    spike(saturated, saturated.size() - 4);

    assertThat(judge(improving).state()).isEqualTo(SaturationState.Improving);
    assertThat(judge(saturated).state()).isEqualTo(SaturationState.Saturated);
  }

  /** From 0.4e9 to 0.5e9 tokens twice, and worse for a while after: the optimizer began anew. */
  @Test
  void aRestartInTheMiddleChangesNothing() {
    List<CurvePoint> points = new ArrayList<>(Curves.typical(2));
    List<CurvePoint> before = points.stream().filter(p -> isBetween(p, 0.4e9, 0.5e9)).toList();
    points.replaceAll(
        p -> isBetween(p, 0.5e9, 0.7e9) ? Curves.point(p.tokens(), p.crossEntropy() + 0.05) : p);
    before.forEach(p -> points.add(Curves.point(p.tokens(), p.crossEntropy() + 0.001)));

    assertThat(judge(points).state()).isEqualTo(SaturationState.Saturated);
    assertThat(judge(upTo(points, 0.45e9)).state()).isEqualTo(SaturationState.Improving);
  }

  /** The quickstart's curve in small: a steep beginning, then the law, quiet evaluations. */
  @Test
  void aSteepBeginningIsNoNoise() {
    List<CurvePoint> clean =
        Curves.points(1e9 / 64, 2e9, t -> LAW.loss(t) + 3 / (1 + Math.pow(t / 4e7, 2)));
    List<CurvePoint> points =
        Curves.noisy(clean, Curves.MIN_GAIN / 2, 0.3, new SplittableRandom(5));

    for (double share : new double[] {0.2, 0.35, 0.5}) {
      assertThat(judge(upTo(points, share * 1e9)).state()).isEqualTo(SaturationState.Improving);
    }
    assertThat(judge(points).state()).isEqualTo(SaturationState.Saturated);
    assertThat(judge(points).fit().noise()).isLessThan(Curves.MIN_GAIN);
  }

  @Test
  void evaluationsThatAreNoNumberOrCameTwiceChangeNothing() {
    List<CurvePoint> points = new ArrayList<>(Curves.typical(2));
    Progress.Saturation clean = judge(points);
    points.add(10, Curves.point(15_000_000, Double.NaN));
    points.add(Curves.point(1_900_000_000, Double.POSITIVE_INFINITY));
    points.add(5, Curves.point(points.get(5).tokens(), 99));

    assertThat(judge(points)).isEqualTo(clean);
  }

  @Test
  void aSecondDescentIsNoSaturation() {
    List<CurvePoint> points =
        Curves.points(
            1e7, 1.6e9, t -> 2.5 + 40 * Math.pow(t, -0.25) - 0.3 * Math.max(0, Math.log(t / 1e9)));

    Progress.Saturation verdict =
        judge(Curves.noisy(points, Curves.MIN_GAIN / 4, 0, new SplittableRandom(5)));

    assertThat(verdict.state()).isEqualTo(SaturationState.Improving);
    assertThat(verdict.reason()).startsWith("the last doubling brought more");
    assertThat(verdict.range().estimate()).isNull();
  }

  @Test
  void aDecayNeverFakesSaturation() {
    List<CurvePoint> points = new ArrayList<>(Curves.typical(0.5));
    Progress.Saturation before = judge(points);
    points.addAll(Curves.atChangingRate(Curves.points(0.52e9, 2e9, t -> LAW.loss(0.5e9) - 0.08)));

    assertThat(judge(points)).isEqualTo(before);
    assertThat(judge(Curves.atChangingRate(Curves.typical(2))).state())
        .isEqualTo(SaturationState.Unknown);
  }

  @Test
  void aDecayWithinTheWindowForbidsSaturation() {
    List<CurvePoint> points = new ArrayList<>(Curves.typical(2));
    int at = points.size() - 4;
    points.set(at, Curves.atChangingRate(List.of(points.get(at))).get(0));

    assertThat(judge(points).state()).isEqualTo(SaturationState.NearSaturation);
  }

  @Test
  void levelWithItsTeacherAndNoLongerGainingIsTeacherBound() {
    List<CurvePoint> flat = Curves.points(1e7, 1e8, t -> 3.0);
    List<CurvePoint> noisy = Curves.noisy(flat, Curves.MIN_GAIN / 2, 0, new SplittableRandom(5));

    Progress.Saturation verdict = judge(Curves.withTeacher(noisy, 3.0));

    assertThat(verdict.state()).isEqualTo(SaturationState.TeacherBound);
    assertThat(verdict.reason()).endsWith("a better teacher would help");
  }

  @Test
  void aStudentThatOutdoesItsTeacherStillImproves() {
    List<CurvePoint> points = Curves.withTeacher(Curves.typical(0.25), 9);

    assertThat(judge(points).state()).isEqualTo(SaturationState.Improving);
  }

  @Test
  void saturatedComesBeforeTeacherBoundSoThatTheRunStops() {
    Progress.Saturation verdict = judge(Curves.withTeacher(Curves.typical(2), LAW.loss(1.3e9)));

    assertThat(verdict.state()).isEqualTo(SaturationState.Saturated);
    assertThat(verdict.reason()).endsWith("level with its teacher: a better one would help");
  }

  @Test
  void everyNumberIsFinite() {
    Stream.of(
            Curves.points(1e7, 1e9, t -> 0.0),
            Curves.points(1e7, 1e9, t -> 1e13 / t),
            Curves.points(1, 1000, t -> 5 / t),
            Curves.points(1e15, 9e18, t -> 2 + 1e18 / t),
            Curves.points(1e7, 1e9, t -> t % 2 == 0 ? 1 : 1e6))
        .map(SaturationJudgeTest::judge)
        .forEach(
            verdict ->
                assertThat(
                        Stream.of(
                            verdict.gains().perTenth(),
                            verdict.gains().perDoubling(),
                            verdict.fit().irreducible(),
                            verdict.fit().amplitude(),
                            verdict.fit().exponent(),
                            verdict.fit().noise()))
                    .allMatch(Double::isFinite));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesAThresholdThatIsNone(double minGain) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                SaturationJudge.judge(
                    LossCurve.of(List.of()), minGain, SaturationSettings.defaults()))
        .withMessageStartingWith("saturation.minGain is " + minGain);
  }

  private static boolean isBetween(CurvePoint point, double from, double to) {
    return point.tokens() >= from && point.tokens() < to;
  }

  private static List<CurvePoint> upTo(List<CurvePoint> points, double tokens) {
    return points.stream().filter(p -> p.tokens() <= tokens).toList();
  }

  private static void spike(List<CurvePoint> points, int at) {
    CurvePoint point = points.get(at);
    points.set(at, Curves.point(point.tokens(), point.crossEntropy() + 2));
  }

  private static Progress.Saturation judge(List<CurvePoint> points) {
    return SaturationJudge.judge(
        LossCurve.of(points), Curves.MIN_GAIN, SaturationSettings.defaults());
  }
}
