package dev.alambic.data;

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
  /** A run's packing. */
  public static Packing of(RunSpec spec) {
    return new Packing(
        spec.training().sequenceLength(), spec.evaluation().sequences(), spec.training().seed());
  }

  /** Fewest tokens of these held-out sequences. */
  long heldOutTokens() {
    return (long) heldOutSequences * sequenceLength + 1;
  }
}
