package dev.alambic.operator.plan;

import java.util.Arrays;

/**
 * A curve through points, straight between them where both axes are logarithmic. Before the first
 * and after the last point the nearest segment is extended.
 */
record LogLogCurve(double[] x, double[] y) {

  /** Points as alternating x and y, by ascending x; at least two, all positive. */
  static LogLogCurve through(double... points) {
    double[] x = new double[points.length / 2];
    double[] y = new double[points.length / 2];
    for (int i = 0; i < x.length; i++) {
      x[i] = points[2 * i];
      y[i] = points[2 * i + 1];
    }
    return new LogLogCurve(x, y);
  }

  double at(double value) {
    int found = Arrays.binarySearch(x, value);
    int right = found >= 0 ? found : -found - 1;
    int segment = Math.max(1, Math.min(x.length - 1, right));
    double share = Math.log(value / x[segment - 1]) / Math.log(x[segment] / x[segment - 1]);
    return y[segment - 1] * Math.pow(y[segment] / y[segment - 1], share);
  }
}
