package dev.alambic.signal;

/**
 * Nats in two bytes: multiples of 1/1024, rounded to nearest, from 0 to 63.999. The error is at
 * most 1/2048 nat with zero mean, so it vanishes from any average over positions; larger values
 * (probabilities under 1e-27) become 63.999.
 */
final class FixedNats {
  private static final float SCALE = 1024;
  private static final int LARGEST = 0xFFFF;

  /** Rounding of the engine may push a value that much under zero. */
  private static final float SLACK = -1e-3f;

  private FixedNats() {}

  /**
   * The code of a non-negative number of nats.
   *
   * @throws SignalException for a negative or not finite one, named by field and position
   */
  static short encode(float nats, String field, int position) {
    if (!(nats >= SLACK && nats < Float.POSITIVE_INFINITY)) {
      throw new SignalException(
          field + " at position " + position + " is " + nats + " nats: the teacher is broken");
    }
    return (short) Math.min(LARGEST, Math.round(Math.max(0, nats) * SCALE));
  }

  static float decode(short code) {
    return Short.toUnsignedInt(code) / SCALE;
  }
}
