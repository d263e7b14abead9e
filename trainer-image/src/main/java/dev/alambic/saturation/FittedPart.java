package dev.alambic.saturation;

import java.util.Arrays;

/**
 * The part of a curve that lies on one power law, and that law. Neither a warm-up nor the first,
 * steep part of a curve does: the longest part is taken whose misfit is no more than its
 * evaluations' own noise explains, or too little to matter.
 *
 * @param curve the part
 * @param fit the law
 * @param noise of one evaluation, estimated from its neighbours and not from the misfit
 */
record FittedPart(LossCurve curve, PowerLawFit fit, LocalNoise noise) {
  /** Even correlated noise, which looks like a misfit, is beyond this in one curve of twenty. */
  private static final double EXPLAINED = 1.6;

  /** Misfit below this share of the threshold moves no verdict. */
  private static final double NEGLIGIBLE = 0.25;

  /** Minimum span, as a ratio of tokens: below three doublings the exponent is not identifiable. */
  private static final double SHORTEST_SPAN = 8;

  /** Of any part but the longest. */
  private static final int FEWEST_POINTS = 16;

  /** The part of a curve that has at least {@link SaturationSettings#minPoints} points. */
  static FittedPart of(LossCurve whole, double minGain) {
    FittedPart part = fit(whole);
    double last = whole.lastTokens();
    double first = 2.0 * whole.firstTokens();
    while (!part.fits(minGain) && last >= SHORTEST_SPAN * first) {
      LossCurve shorter = whole.from((long) first);
      if (shorter.size() < FEWEST_POINTS) {
        break;
      }
      part = fit(shorter);
      first *= 2;
    }
    return part;
  }

  private static FittedPart fit(LossCurve curve) {
    PowerLawFit fit = PowerLawFit.of(curve);
    double[] logTokens = Arrays.stream(curve.tokens()).map(Math::log).toArray();
    LocalNoise noise = LocalNoise.of(logTokens, fit.residuals());
    return new FittedPart(curve, fit, noise);
  }

  /**
   * Whether the law has an irreducible loss. One without is at the edge of what is allowed, since
   * no text is learnt down to nothing: the curve does not bend yet, and no saturation is in sight.
   */
  boolean bends() {
    return fit.law().irreducible() > 0;
  }

  private boolean fits(double minGain) {
    return fit.deviation() <= Math.max(EXPLAINED * noise.deviation(), NEGLIGIBLE * minGain);
  }
}
