package dev.alambic.saturation;

/**
 * A token count and the interval that holds it nine times in ten.
 *
 * @param low tokens
 * @param estimate tokens
 * @param high tokens
 * @param horizon tokens beyond which the curve has no evidence: an end there is not a bound
 */
record Interval(double low, double estimate, double high, double horizon) {

  /**
   * The interval of a curve that has not bent yet: all from these tokens on, if not from before.
   */
  Interval outOfSight(double tokens) {
    return new Interval(Math.min(low, tokens), horizon, horizon, horizon);
  }

  /** The low end in whole tokens, or null if it is out of sight. */
  Long lowTokens() {
    return whole(low);
  }

  /** The estimate in whole tokens, or null if it is out of sight. */
  Long estimateTokens() {
    return whole(estimate);
  }

  /** The high end in whole tokens, or null if the curve sets no bound. */
  Long highTokens() {
    return whole(high);
  }

  private Long whole(double tokens) {
    return tokens < horizon ? Math.round(tokens) : null;
  }
}
