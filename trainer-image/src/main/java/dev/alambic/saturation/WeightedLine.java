package dev.alambic.saturation;

/**
 * The weighted least-squares line {@code y = intercept + slope x}.
 *
 * @param spread weighted sum of squares of x about its mean
 * @param error weighted sum of squared residuals
 */
record WeightedLine(double intercept, double slope, double spread, double error) {

  /** The best line. */
  static WeightedLine fit(double[] x, double[] y, double[] weights) {
    double sum = 0;
    double meanX = 0;
    double meanY = 0;
    for (int i = 0; i < x.length; i++) {
      sum += weights[i];
      meanX += weights[i] * x[i];
      meanY += weights[i] * y[i];
    }
    meanX /= sum;
    meanY /= sum;
    double xx = 0;
    double xy = 0;
    for (int i = 0; i < x.length; i++) {
      xx += weights[i] * (x[i] - meanX) * (x[i] - meanX);
      xy += weights[i] * (x[i] - meanX) * (y[i] - meanY);
    }
    double slope = xx > 0 ? xy / xx : 0;
    return of(meanY - slope * meanX, slope, xx, x, y, weights);
  }

  /** The best line whose intercept and slope are both not negative. */
  static WeightedLine nonNegative(double[] x, double[] y, double[] weights) {
    WeightedLine free = fit(x, y, weights);
    if (free.slope < 0) {
      return of(Math.max(0, mean(y, weights)), 0, free.spread, x, y, weights);
    }
    if (free.intercept < 0) {
      double slope = Math.max(0, product(x, y, weights) / product(x, x, weights));
      return of(0, slope, free.spread, x, y, weights);
    }
    return free;
  }

  /** Residuals {@code y - line(x)}: {@code [n]}. */
  double[] residuals(double[] x, double[] y) {
    double[] residuals = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      residuals[i] = y[i] - intercept - slope * x[i];
    }
    return residuals;
  }

  private static WeightedLine of(
      double intercept, double slope, double spread, double[] x, double[] y, double[] weights) {
    double error = 0;
    for (int i = 0; i < x.length; i++) {
      double residual = y[i] - intercept - slope * x[i];
      error += weights[i] * residual * residual;
    }
    return new WeightedLine(intercept, slope, spread, error);
  }

  private static double mean(double[] y, double[] weights) {
    double sum = 0;
    double total = 0;
    for (int i = 0; i < y.length; i++) {
      sum += weights[i] * y[i];
      total += weights[i];
    }
    return sum / total;
  }

  private static double product(double[] a, double[] b, double[] weights) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += weights[i] * a[i] * b[i];
    }
    return sum;
  }
}
