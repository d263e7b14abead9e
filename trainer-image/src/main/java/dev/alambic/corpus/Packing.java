package dev.alambic.corpus;

import dev.alambic.run.RunSpec;

/**
 * How a corpus becomes sequences.
 *
 * @param sequenceLength tokens in a sequence
 * @param heldOutSequences that are evaluated on: no more is held out than these need, unless it
 *     comes along
 * @param seed of the order in which a corpus of several windows is read
 */
public record Packing(int sequenceLength, int heldOutSequences, long seed) {
  private static final int SPREAD = 4;
  private static final long ENOUGH_TO_SPREAD = 1 << 18;

  /** A run's packing. */
  public static Packing of(RunSpec spec) {
    return new Packing(
        spec.training().sequenceLength(),
        spec.evaluation().sequences(),
        spec.training().numerics().seed());
  }

  /**
   * Fewest tokens to hold out: some sequences more than are evaluated on, where those are few, so
   * that they are not all of the same documents.
   */
  long heldOutTokens() {
    long evaluated = (long) heldOutSequences * sequenceLength;
    return 1 + Math.max(evaluated, Math.min(SPREAD * evaluated, ENOUGH_TO_SPREAD));
  }
}
