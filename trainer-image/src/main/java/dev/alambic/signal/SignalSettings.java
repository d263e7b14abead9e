package dev.alambic.signal;

import dev.alambic.api.v1alpha1.SignalEncoding;

/**
 * What is asked of a teacher.
 *
 * @param encoding Dense or Sampled
 * @param size draws per position; 0 if Dense
 * @param seed of the draws; 0 if Dense, which has none
 * @param temperature that the teacher's logits are divided by
 */
public record SignalSettings(SignalEncoding encoding, int size, long seed, double temperature) {
  /** Counts fit in two bytes. */
  public static final int MAX_DRAWS = 65_535;

  /**
   * Settings; of a dense signal size and seed are set to 0, because they mean nothing.
   *
   * @throws IllegalArgumentException naming the field that is out of bounds
   */
  public SignalSettings {
    if (encoding == SignalEncoding.Dense) {
      size = 0;
      seed = 0;
    } else if (encoding != SignalEncoding.Sampled) {
      throw new IllegalArgumentException(
          "signal.encoding: " + encoding + " is not supported; use Sampled or Dense");
    } else if (size < 1 || size > MAX_DRAWS) {
      throw new IllegalArgumentException(
          "signal.size: " + size + " draws; must be 1 to " + MAX_DRAWS);
    }
    if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "objective.temperature: " + temperature + " must be a positive number");
    }
  }
}
