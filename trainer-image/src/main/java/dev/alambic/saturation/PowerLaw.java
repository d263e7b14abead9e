package dev.alambic.saturation;

/**
 * {@code loss(D) = E + A D^-alpha}, the data term of the scaling laws of Kaplan et al. (arXiv
 * 2001.08361) and Hoffmann et al. (arXiv 2203.15556) at a fixed model size.
 *
 * @param irreducible E, nats per token that no number of tokens removes
 * @param amplitude A, nats per token at one token; not negative
 * @param exponent alpha, positive
 */
public record PowerLaw(double irreducible, double amplitude, double exponent) {
  /** The marginal gain is counted over 10 % more tokens. */
  static final double STEP = 1.1;

  /** Loss after these tokens, nats per token. */
  public double loss(double tokens) {
    return irreducible + reducible(tokens);
  }

  /** Nats per token that {@code factor} times the tokens would bring. */
  public double gain(double tokens, double factor) {
    return reducible(tokens) * share(factor);
  }

  /**
   * Natural logarithm of the token count at which 10 % more tokens bring exactly {@code minGain}
   * nats: {@code A D^-alpha (1 - 1.1^-alpha) = minGain} solved for D. Negative infinity for a flat
   * law.
   */
  double logSaturationTokens(double minGain) {
    return Math.log(amplitude * share(STEP) / minGain) / exponent;
  }

  private double reducible(double tokens) {
    return amplitude * Math.pow(tokens, -exponent);
  }

  /** 1 - factor^-alpha without cancellation. */
  private double share(double factor) {
    return -Math.expm1(-exponent * Math.log(factor));
  }
}
