package dev.alambic.corpus;

/**
 * Tokens cut into sequences of equal length T. Sequence i is tokens {@code [i T, i T + T]}: T
 * inputs and, shifted by one, T labels. The first input is the begin of text where the family has
 * one.
 */
public interface PackedSequences {
  /** Number of sequences. */
  long count();

  /**
   * Reads a sequence: [T + 1] tokens. May be called by several threads.
   *
   * @throws IndexOutOfBoundsException if the index is not in {@code [0, count)}
   */
  int[] sequence(long index);
}
