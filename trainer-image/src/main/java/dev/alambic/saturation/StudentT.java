package dev.alambic.saturation;

/** Quantiles of Student's t distribution. */
enum StudentT {
  QUANTILE_95(1.6449),
  QUANTILE_995(2.5758);

  private final double normal;

  StudentT(double normal) {
    this.normal = normal;
  }

  /**
   * The quantile at these degrees of freedom: the Cornish-Fisher expansion about the normal
   * quantile (Abramowitz and Stegun 26.7.5), within 1 % from four degrees on.
   */
  double at(int freedom) {
    double z = normal;
    double z2 = z * z;
    double first = z * (z2 + 1) / 4;
    double second = z * (5 * z2 * z2 + 16 * z2 + 3) / 96;
    double third = z * (3 * z2 * z2 * z2 + 19 * z2 * z2 + 17 * z2 - 15) / 384;
    return z + first / freedom + second / Math.pow(freedom, 2) + third / Math.pow(freedom, 3);
  }
}
