package dev.alambic.signal;

import dev.alambic.api.v1alpha1.SignalEncoding;

/**
 * What is asked of a teacher.
 *
 * @param encoding how the distribution is written down
 * @param size draws (Sampled) or ids (TopK) per position; 0 if Dense or Label
 * @param seed of the draws; 0 if nothing is drawn
 * @param temperature that the teacher's logits are divided by
 */
public record SignalSettings(SignalEncoding encoding, int size, long seed, double temperature) {
  /** Counts fit in two bytes. */
  public static final int MAX_SIZE = 65_535;

  /**
   * Settings; what means nothing for the encoding is set to 0.
   *
   * @throws IllegalArgumentException naming the field that is out of bounds
   */
  public SignalSettings {
    seed = encoding == SignalEncoding.Sampled ? seed : 0;
    if (encoding == SignalEncoding.Dense || encoding == SignalEncoding.Label) {
      size = 0;
    } else if (size < 1 || size > MAX_SIZE) {
      throw new IllegalArgumentException("signal.size: " + size + " must be 1 to " + MAX_SIZE);
    }
    if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "objective.temperature: " + temperature + " must be a positive number");
    }
  }
}
