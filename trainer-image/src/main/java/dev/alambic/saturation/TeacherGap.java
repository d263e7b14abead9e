package dev.alambic.saturation;

import dev.alambic.run.Progress.CurvePoint;
import java.util.Arrays;
import java.util.List;

/**
 * How far the student's loss lies above the teacher's own on the same tokens, over a window; where
 * the loss is the divergence from the teacher, that is all of it.
 *
 * @param mean nats per token; negative when the student is ahead
 * @param error standard error of the mean
 * @param points evaluations with the teacher's loss
 */
record TeacherGap(double mean, double error, int points) {
  private static final int MIN_POINTS = 4;

  /** The gap over the window's points that have the teacher's loss. */
  static TeacherGap of(LossCurve window) {
    List<CurvePoint> known =
        window.points().stream().filter(p -> Double.isFinite(teacherLoss(p))).toList();
    double[] gaps = known.stream().mapToDouble(p -> p.loss() - teacherLoss(p)).toArray();
    double mean = Arrays.stream(gaps).average().orElse(0);
    double square = Arrays.stream(gaps).map(g -> (g - mean) * (g - mean)).sum();
    int n = gaps.length;
    return new TeacherGap(mean, n < 2 ? 0 : Math.sqrt(square / (n - 1) / n), n);
  }

  /** The least that the student's loss can be; NaN if it is not known. */
  private static double teacherLoss(CurvePoint point) {
    if (point.crossEntropy() == null) {
      return 0;
    }
    return point.teacherCrossEntropy() == null ? Double.NaN : point.teacherCrossEntropy();
  }

  /**
   * Whether less than {@code minGain} nats are left to the teacher, with at most a chance of 5 %
   * that it is more. False where the teacher's loss is hardly known.
   */
  boolean isGone(double minGain) {
    return points >= MIN_POINTS && mean + StudentT.QUANTILE_95.at(points - 1) * error < minGain;
  }
}
