package dev.alambic.step;

import dev.alambic.signal.Signal;

/**
 * One sequence to learn from.
 *
 * @param tokens T + 1 ids: T inputs, and the same shifted by one as labels
 * @param signal the teacher's for the T positions, or null without a teacher
 * @param first the first position that counts; those before it only lead to it, as a prompt does
 * @param drawn {@code [T - first]}: log-probabilities of the labels that count, as the student drew
 *     them, nats; null if it did not
 */
public record Example(int[] tokens, Signal signal, int first, float[] drawn) {

  /** A sequence of which every position counts. */
  public Example(int[] tokens, Signal signal) {
    this(tokens, signal, 0, null);
  }

  /** T. */
  public int positions() {
    return tokens.length - 1;
  }

  /** How many positions count. */
  public int counted() {
    return positions() - first;
  }
}
