package dev.alambic.model;

/** IEEE 754 binary16; the JDK has this conversion from version 20 on. */
final class Half {

  private static final int SIGN = 0x8000;
  private static final int INFINITY = 0x7c00;
  private static final int QUIET_NAN = 0x7e00;
  // The largest binary16 is 65504; from half a step above on it rounds to infinity.
  private static final float OVERFLOW = 65520f;
  private static final float SMALLEST_NORMAL = 0x1p-14f;
  private static final float SMALLEST_SUBNORMAL = 0x1p-24f;

  private Half() {}

  /** Exact: every binary16 is a float. */
  static float toFloat(short half) {
    int exponent = (half >>> 10) & 0x1f;
    int fraction = half & 0x3ff;
    float magnitude;
    if (exponent == 0) {
      magnitude = fraction * SMALLEST_SUBNORMAL;
    } else if (exponent == 0x1f) {
      magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else {
      magnitude = Float.intBitsToFloat((exponent + 112) << 23 | fraction << 13);
    }
    return (half & SIGN) == 0 ? magnitude : -magnitude;
  }

  /** Rounds to nearest, ties to even. */
  static short fromFloat(float value) {
    int sign = (Float.floatToIntBits(value) >>> 16) & SIGN;
    float magnitude = Math.abs(value);
    if (Float.isNaN(value)) {
      return (short) (sign | QUIET_NAN);
    }
    if (magnitude >= OVERFLOW) {
      return (short) (sign | INFINITY);
    }
    if (magnitude < SMALLEST_NORMAL) {
      // rint rounds ties to even; the scaling by a power of two is exact.
      return (short) (sign | (int) Math.rint(magnitude / SMALLEST_SUBNORMAL));
    }
    int bits = Float.floatToIntBits(magnitude);
    int rounded = bits + 0xfff + ((bits >>> 13) & 1);
    return (short) (sign | ((rounded >>> 13) - (112 << 10)));
  }
}
