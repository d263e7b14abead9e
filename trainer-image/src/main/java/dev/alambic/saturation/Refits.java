package dev.alambic.saturation;

/**
 * Successive fits: of all that is known now, and of what was known an eighth and a quarter doubling
 * ago. An estimate that still runs ahead of the tokens is one that will be corrected.
 */
final class Refits {
  private static final int COUNT = 3;
  private static final double BACK = Math.pow(2, -0.125);

  private Refits() {}

  /** Whether all put saturation behind the tokens they had seen, and close to each other. */
  static boolean agree(LossCurve whole, double minGain, SaturationSettings settings) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    double until = whole.lastTokens();
    for (int i = 0; i < COUNT; i++) {
      LossCurve known = whole.upTo((long) until);
      if (known.size() < settings.minPoints()) {
        return false;
      }
      double estimate = logEstimate(FittedPart.of(known, minGain), minGain);
      if (estimate >= Math.log(until)) {
        return false;
      }
      least = Math.min(least, estimate);
      most = Math.max(most, estimate);
      until *= BACK;
    }
    return most - least <= Math.log(settings.refitAgreement());
  }

  private static double logEstimate(FittedPart known, double minGain) {
    double estimate = known.fit().law().logSaturationTokens(minGain);
    return Math.max(Math.log((double) known.curve().firstTokens()), estimate);
  }
}
