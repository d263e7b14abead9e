package dev.alambic.saturation;

import java.util.Arrays;

/**
 * The noise of one evaluation, estimated from its neighbours alone: whatever smooth curve the
 * losses lie on, and however badly a law fits it, an evaluation that lies off the straight line
 * between the ones before and after it does so by noise. The estimator is that of Gasser, Sroka and
 * Jennen-Steinmetz (1986), by {@link Huber} instead of by squares, so that a spike hardly counts.
 *
 * <p>Successive evaluations' noise is correlated, which makes neighbours look quieter than they
 * are: with correlation rho between successive ones, the variance comes out (1 - rho)(3 - rho) / 3
 * times what it is. The same estimate from every second evaluation has rho squared in place of rho,
 * and the ratio of both gives rho.
 *
 * @param deviation standard deviation of one evaluation, nats per token
 * @param correlation of successive evaluations' noise, 0 to {@link #MAX_CORRELATION}
 */
record LocalNoise(double deviation, double correlation) {
  /** Beyond this it is a bend of the curve rather than noise. */
  static final double MAX_CORRELATION = 0.6;

  /** Fewer differences of every second evaluation than this show nothing about correlation. */
  private static final int FEWEST = 12;

  private static final int HALVINGS = 40;

  /**
   * The noise of these values over these positions, both {@code [points]}, at least three, by
   * rising position. What is known of the curve may be taken off before: it is one bend less.
   */
  static LocalNoise of(double[] positions, double[] values) {
    double near = deviation(positions, values, 1);
    if (values.length < FEWEST + 4) {
      return new LocalNoise(near, 0);
    }
    double far = deviation(positions, values, 2);
    double correlation = far > near && near > 0 ? correlation(near * near / (far * far)) : 0;
    return new LocalNoise(near / Math.sqrt(seen(correlation)), correlation);
  }

  /** Off the line between the neighbours at this distance, as a standard deviation. */
  private static double deviation(double[] x, double[] y, int distance) {
    double[] off = new double[y.length - 2 * distance];
    for (int i = 0; i < off.length; i++) {
      int middle = i + distance;
      int right = middle + distance;
      double left = (x[right] - x[middle]) / (x[right] - x[i]);
      double between = left * y[i] + (1 - left) * y[right];
      off[i] = (between - y[middle]) / Math.sqrt(1 + left * left + (1 - left) * (1 - left));
    }
    return Arrays.stream(off).allMatch(value -> value == 0) ? 0 : Huber.deviation(off, 0);
  }

  /** Share of the variance that neighbours show at this correlation. */
  private static double seen(double correlation) {
    return (1 - correlation) * (3 - correlation) / 3;
  }

  /** The correlation at which near and far variances stand in this ratio: it falls with it. */
  private static double correlation(double ratio) {
    double low = 0;
    double high = MAX_CORRELATION;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (seen(middle) / seen(middle * middle) > ratio) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }
}
