package dev.alambic.saturation;

import java.util.Arrays;

/**
 * Huber's M-estimation (Huber 1964): a residual beyond {@link #CUTOFF} standard deviations counts
 * as if it lay there, so that a loss spike pulls the fit no more than an ordinary bad evaluation.
 */
final class Huber {
  /** 95 % as efficient as least squares on normal noise. */
  static final double CUTOFF = 1.345;

  /** E[(w r)^2] of a standard normal residual, w its weight. */
  private static final double NORMAL_SHARE = 0.7103;

  /** Makes the median absolute deviation of normal noise its standard deviation. */
  private static final double MAD_TO_DEVIATION = 1.4826;

  private static final int ROUNDS = 10;

  private Huber() {}

  /** Standard deviation by the median absolute residual, with the degrees of freedom counted. */
  static double scale(double[] residuals, int parameters) {
    double[] absolute = Arrays.stream(residuals).map(Math::abs).sorted().toArray();
    int n = absolute.length;
    double median = (absolute[(n - 1) / 2] + absolute[n / 2]) / 2;
    return MAD_TO_DEVIATION * median * Math.sqrt((double) n / (n - parameters));
  }

  /** The weight of each residual in the next least-squares round: {@code [n]}. */
  static double[] weights(double[] residuals, double scale) {
    double bound = CUTOFF * scale;
    return Arrays.stream(residuals)
        .map(r -> Math.abs(r) <= bound ? 1 : bound / Math.abs(r))
        .toArray();
  }

  /**
   * Standard deviation of the noise (Huber's proposal 2): consistent for normal noise, and a spike
   * counts no more than a residual at the cutoff.
   *
   * @param parameters fitted parameters, taken off the degrees of freedom
   */
  static double deviation(double[] residuals, int parameters) {
    double deviation = scale(residuals, parameters);
    for (int round = 0; round < ROUNDS && deviation > 0; round++) {
      double bound = CUTOFF * deviation;
      double sum = Arrays.stream(residuals).map(r -> Math.min(r * r, bound * bound)).sum();
      deviation = Math.sqrt(sum / (NORMAL_SHARE * (residuals.length - parameters)));
    }
    return deviation;
  }
}
