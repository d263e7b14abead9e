package dev.alambic.saturation;

/**
 * How careful the judge is. The defaults were calibrated on synthetic curves whose saturation point
 * is known.
 *
 * @param minPoints fewest evaluations at a constant learning rate for any verdict
 * @param resamples curves in the bootstrap
 * @param inflation by how much the bootstrap's interval is widened, on the logarithm of tokens
 * @param refitAgreement largest ratio between the saturation points of successive refits
 * @param seed of the bootstrap
 */
public record SaturationSettings(
    int minPoints, int resamples, double inflation, double refitAgreement, long seed) {

  /** The calibrated settings. */
  public static SaturationSettings defaults() {
    return new SaturationSettings(8, 200, 1.1, 1.5, 0);
  }
}
