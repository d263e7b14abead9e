package dev.alambic.bench.saturation;

import dev.alambic.api.v1alpha1.SaturationState;
import dev.alambic.run.Progress;
import dev.alambic.saturation.LossCurve;
import dev.alambic.saturation.SaturationJudge;
import dev.alambic.saturation.SaturationSettings;

/**
 * What the judge made of one curve. It is asked at every evaluation, as a trainer asks it, and the
 * first Saturated counts, because a run stops there and then.
 *
 * @param stoppedAt tokens of the first Saturated, or infinity
 * @param half the verdict at half of the true point
 * @param point the verdict at the true point
 * @param twice the verdict at twice the true point
 */
record Outcome(
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
