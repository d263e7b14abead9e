package dev.alambic.saturation;

import java.util.Arrays;

/**
 * How the loss went over a window, whatever the fitted law says: a robust line of the loss over the
 * logarithm of tokens.
 *
 * @param gain nats per token that 10 % more tokens brought there; negative when the loss rose
 * @param error standard error of the gain
 * @param change nats per token by which the loss changed from the window's start to its end
 * @param points evaluations in the window
 */
record RecentSlope(double gain, double error, double change, int points) {
  private static final int PARAMETERS = 2;
  private static final int ROUNDS = 12;

  /**
   * The slope over all points of the window, which has at least three.
   *
   * @param correlation of successive evaluations' noise: n of them are worth n (1 - rho) / (1 +
   *     rho) independent ones
   */
  static RecentSlope of(LossCurve window, double correlation) {
    double[] x = Arrays.stream(window.tokens()).map(Math::log).toArray();
    double[] y = window.losses();
    double[] weights = new double[x.length];
    Arrays.fill(weights, 1);
    WeightedLine line = WeightedLine.fit(x, y, weights);
    for (int round = 0; round < ROUNDS; round++) {
      double[] residuals = line.residuals(x, y);
      double[] next = Huber.weights(residuals, Huber.scale(residuals, PARAMETERS));
      if (Arrays.stream(next).anyMatch(Double::isNaN) || Arrays.equals(weights, next)) {
        break;
      }
      weights = next;
      line = WeightedLine.fit(x, y, weights);
    }
    double noise = Huber.deviation(line.residuals(x, y), PARAMETERS);
    double independence = (1 - correlation) / (1 + correlation);
    double step = Math.log(PowerLaw.STEP);
    return new RecentSlope(
        -line.slope() * step,
        noise / Math.sqrt(line.spread() * independence) * step,
        line.slope() * (x[x.length - 1] - x[0]),
        x.length);
  }

  /** Whether the gain is above this, with at most a chance of 5 % that it isn't. */
  boolean isAbove(double minGain) {
    return gain - StudentT.QUANTILE_95.at(points - PARAMETERS) * error > minGain;
  }

  /** Whether the gain is below zero, with at most a chance of 0.5 % that it isn't. */
  boolean isNegative() {
    return gain + StudentT.QUANTILE_995.at(points - PARAMETERS) * error < 0;
  }
}
