package dev.alambic.saturation;

import java.util.Arrays;

/**
 * A power law fitted to a loss curve, robustly: least squares reweighted by {@link Huber} until the
 * weights settle.
 */
final class PowerLawFit {
  /** E, A and alpha. */
  static final int PARAMETERS = 3;

  private static final int ROUNDS = 12;

  private final VariableProjection projection;
  private final double[] tokens;
  private final PowerLaw law;
  private final double deviation;
  private final double[] residuals;

  private PowerLawFit(
      VariableProjection projection,
      double[] tokens,
      PowerLaw law,
      double deviation,
      double[] residuals) {
    this.projection = projection;
    this.tokens = tokens;
    this.law = law;
    this.deviation = deviation;
    this.residuals = residuals;
  }

  /**
   * Fits the curve's points.
   *
   * @throws IllegalArgumentException if there are no more points than parameters
   */
  static PowerLawFit of(LossCurve curve) {
    if (curve.size() <= PARAMETERS) {
      throw new IllegalArgumentException(
          "a power law needs more than " + PARAMETERS + " points, not " + curve.size());
    }
    double[] tokens = curve.tokens();
    double[] losses = curve.losses();
    VariableProjection projection = new VariableProjection(tokens);
    double[] weights = ones(tokens.length);
    PowerLaw law = projection.fit(losses, weights);
    double[] residuals = residuals(law, tokens, losses);
    for (int round = 0; round < ROUNDS; round++) {
      double scale = Huber.scale(residuals, PARAMETERS);
      double[] next = Huber.weights(residuals, scale);
      if (scale <= rounding(losses) || Arrays.equals(weights, next)) {
        break;
      }
      weights = next;
      law = projection.fit(losses, weights);
      residuals = residuals(law, tokens, losses);
    }
    double deviation = Huber.deviation(residuals, PARAMETERS);
    return new PowerLawFit(projection, tokens, law, deviation, residuals);
  }

  /** The law. */
  PowerLaw law() {
    return law;
  }

  /** Standard deviation of the residuals, noise and misfit together, nats per token. */
  double deviation() {
    return deviation;
  }

  /** Points fitted. */
  int points() {
    return tokens.length;
  }

  /** What the law leaves unexplained, by tokens, nats per token: {@code [points]}. */
  double[] residuals() {
    return residuals.clone();
  }

  /** The law of the same tokens with other noise: the fitted losses plus this: {@code [points]}. */
  PowerLaw refit(double[] noise) {
    double[] losses = new double[tokens.length];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = law.loss(tokens[i]) + noise[i];
    }
    return projection.fit(losses, ones(losses.length));
  }

  private static double[] residuals(PowerLaw law, double[] tokens, double[] losses) {
    double[] residuals = new double[tokens.length];
    for (int i = 0; i < residuals.length; i++) {
      residuals[i] = losses[i] - law.loss(tokens[i]);
    }
    return residuals;
  }

  /** Below this, residuals are the arithmetic's and not the evaluation's. */
  private static double rounding(double[] losses) {
    return 1e-12 * Arrays.stream(losses).map(Math::abs).max().orElse(0);
  }

  private static double[] ones(int n) {
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    return ones;
  }
}
