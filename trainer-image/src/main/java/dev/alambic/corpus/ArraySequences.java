package dev.alambic.corpus;

import java.util.Arrays;
import java.util.Objects;

/**
 * Sequences of tokens in memory; the last tokens that do not fill one are left out.
 *
 * <p>Where the family has a begin of text, it stands in the place of every sequence's first token,
 * as in llama.cpp's perplexity (ggml-org/llama.cpp#1303): a Gemma that reads a text from its middle
 * without it predicts nothing (perplexity 6e9 against 3.5, EleutherAI/lm-evaluation-harness#1465),
 * and such a teacher teaches nothing. No label is lost: the token is the last label of the sequence
 * before.
 */
final class ArraySequences implements PackedSequences {
  private final int[] tokens;
  private final int sequenceLength;
  private final Integer beginOfText;

  /**
   * Sequences.
   *
   * @param beginOfText or null for a family that has none
   */
  ArraySequences(int[] tokens, int sequenceLength, Integer beginOfText) {
    this.tokens = tokens;
    this.sequenceLength = sequenceLength;
    this.beginOfText = beginOfText;
  }

  /** The number of whole sequences in {@code tokens} tokens. */
  static long count(long tokens, int sequenceLength) {
    return Math.max(0, tokens - 1) / sequenceLength;
  }

  @Override
  public long count() {
    return count(tokens.length, sequenceLength);
  }

  @Override
  public int[] sequence(long index) {
    int from = (int) Objects.checkIndex(index, count()) * sequenceLength;
    int[] sequence = Arrays.copyOfRange(tokens, from, from + sequenceLength + 1);
    if (beginOfText != null) {
      sequence[0] = beginOfText;
    }
    return sequence;
  }
}
