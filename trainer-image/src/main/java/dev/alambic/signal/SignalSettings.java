package dev.alambic.signal;

import dev.alambic.api.v1alpha1.SignalEncoding;

/**
 * What is asked of a teacher.
 *
 * @param encoding how the distribution is written down
 * @param size draws (Sampled) or ids (TopK) per position; 0 if Dense or Label
 * @param seed of the draws; 0 if nothing is drawn
 * @param temperature that the teacher's logits are divided by
 * @param vocabularySize ids that the student has a row for, 0 for all of the teacher's. The sizes
 *     of a family pad one vocabulary to different numbers of rows (Qwen 2.5: 151,936 and 152,064),
 *     of which the last belong to no token
 */
public record SignalSettings(
    SignalEncoding encoding, int size, long seed, double temperature, int vocabularySize) {
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
    if (vocabularySize < 0) {
      throw new IllegalArgumentException(
          "vocabularySize: " + vocabularySize + " must not be negative");
    }
  }

  /** Settings for a student that has a row for all of the teacher's ids. */
  public SignalSettings(SignalEncoding encoding, int size, long seed, double temperature) {
    this(encoding, size, seed, temperature, 0);
  }

  /** The ids that a teacher with this number of rows covers. */
  public int shared(int rows) {
    return vocabularySize == 0 ? rows : Math.min(rows, vocabularySize);
  }
}
