package dev.alambic.saturation;

import java.util.Arrays;

/**
 * Least-squares power laws over fixed token counts, by variable projection (Golub and Pereyra
 * 1973): for any exponent the best irreducible loss and amplitude are a straight line's, in closed
 * form, so that the search is over the exponent alone: a logarithmic grid, refined by golden
 * section. The grid is laid once, because a bootstrap fits hundreds of curves over the same tokens.
 */
final class VariableProjection {
  static final double MIN_EXPONENT = 0.05;
  static final double MAX_EXPONENT = 1.5;
  private static final int GRID = 24;
  private static final int REFINEMENTS = 14;
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  /** Tokens are counted in units of their geometric mean, which keeps every power near one. */
  private final double logUnit;

  private final double[] logTokens;
  private final double[] logExponents = new double[GRID];
  private final double[][] powers = new double[GRID][];

  /** Lays the grid over these tokens: {@code [points]}, positive. */
  VariableProjection(double[] tokens) {
    double[] logs = Arrays.stream(tokens).map(Math::log).toArray();
    logUnit = Arrays.stream(logs).average().orElse(0);
    logTokens = Arrays.stream(logs).map(l -> l - logUnit).toArray();
    double step = Math.log(MAX_EXPONENT / MIN_EXPONENT) / (GRID - 1);
    for (int i = 0; i < GRID; i++) {
      logExponents[i] = Math.log(MIN_EXPONENT) + i * step;
      powers[i] = powers(Math.exp(logExponents[i]));
    }
  }

  /** The law with the least weighted squared error; losses and weights are {@code [points]}. */
  PowerLaw fit(double[] losses, double[] weights) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < GRID; i++) {
      double error = WeightedLine.nonNegative(powers[i], losses, weights).error();
      if (error < least) {
        least = error;
        best = i;
      }
    }
    double exponent =
        Math.exp(
            refine(
                logExponents[Math.max(0, best - 1)],
                logExponents[Math.min(GRID - 1, best + 1)],
                losses,
                weights));
    WeightedLine line = WeightedLine.nonNegative(powers(exponent), losses, weights);
    return new PowerLaw(line.intercept(), line.slope() * Math.exp(exponent * logUnit), exponent);
  }

  private double refine(double low, double high, double[] losses, double[] weights) {
    double left = high - GOLDEN * (high - low);
    double right = low + GOLDEN * (high - low);
    double leftError = error(left, losses, weights);
    double rightError = error(right, losses, weights);
    for (int i = 0; i < REFINEMENTS; i++) {
      if (leftError <= rightError) {
        high = right;
        right = left;
        rightError = leftError;
        left = high - GOLDEN * (high - low);
        leftError = error(left, losses, weights);
      } else {
        low = left;
        left = right;
        leftError = rightError;
        right = low + GOLDEN * (high - low);
        rightError = error(right, losses, weights);
      }
    }
    return (low + high) / 2;
  }

  private double error(double logExponent, double[] losses, double[] weights) {
    return WeightedLine.nonNegative(powers(Math.exp(logExponent)), losses, weights).error();
  }

  private double[] powers(double exponent) {
    double[] powers = new double[logTokens.length];
    for (int i = 0; i < powers.length; i++) {
      powers[i] = Math.exp(-exponent * logTokens[i]);
    }
    return powers;
  }
}
