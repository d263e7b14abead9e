package dev.alambic.saturation;

/**
 * How careful the judge is. The defaults were calibrated on synthetic curves whose saturation point
 * is known.
 *
 * @param minPoints fewest evaluations at a constant learning rate for any verdict
 * @param fitSpan only evaluations within this factor of the latest tokens are fitted, since the
 *     first part of a curve is steeper than its power law
 * @param resamples curves in the bootstrap
 * @param inflation by how much the bootstrap's interval is widened, on the logarithm of tokens
 * @param refitAgreement largest ratio between the saturation points of successive refits
 * @param seed of the bootstrap
 */
public record SaturationSettings(
    int minPoints,
    double fitSpan,
    int resamples,
    double inflation,
    double refitAgreement,
    long seed) {

  /** The calibrated settings. */
  public static SaturationSettings defaults() {
    return new SaturationSettings(8, 128, 200, 1.4, 1.4, 0);
  }
}
