package dev.alambic.saturation;

import java.util.Arrays;

/**
 * Huber's M-estimation (Huber 1964): a residual beyond {@link #CUTOFF} standard deviations counts
 * as if it lay there, so that a loss spike pulls the fit no more than an ordinary bad evaluation.
 */
final class Huber {
  /** 95 % as efficient as least squares on normal noise. */
  static final double CUTOFF = 1.345;

  /** E[w r^2] of a standard normal residual, which equals P(|r| below the cutoff). */
  private static final double NORMAL_SHARE = 0.8214;

  /** Makes the median absolute deviation of normal noise its standard deviation. */
  private static final double MAD_TO_DEVIATION = 1.4826;

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
   * Standard deviation of the noise: consistent for normal noise, barely moved by spikes.
   *
   * @param parameters fitted parameters, taken off the degrees of freedom
   */
  static double deviation(double[] residuals, double[] weights, int parameters) {
    double sum = 0;
    for (int i = 0; i < residuals.length; i++) {
      sum += weights[i] * residuals[i] * residuals[i];
    }
    return Math.sqrt(sum / (NORMAL_SHARE * (residuals.length - parameters)));
  }
}
