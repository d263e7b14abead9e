package dev.alambic.data;

import java.util.Objects;

/**
 * Sequences of mapped tokens; the last tokens that do not fill one are left out.
 *
 * <p>Where the family has a begin of text, it stands in the place of every sequence's first token,
 * as in llama.cpp's perplexity (ggml-org/llama.cpp#1303): a Gemma that reads a text from its middle
 * without it predicts nothing (perplexity 6e9 against 3.5, EleutherAI/lm-evaluation-harness#1465),
 * and such a teacher teaches nothing. No label is lost: the token is the last label of the sequence
 * before.
 *
 * @param beginOfText or null for a family that has none
 */
record MappedSequences(MappedTokens tokens, int sequenceLength, Integer beginOfText)
    implements PackedSequences {
  @Override
  public long count() {
    return Math.max(0, tokens.count() - 1) / sequenceLength;
  }

  @Override
  public int[] sequence(long index) {
    Objects.checkIndex(index, count());
    int[] sequence = tokens.read(index * sequenceLength, sequenceLength + 1);
    if (beginOfText != null) {
      sequence[0] = beginOfText;
    }
    return sequence;
  }
}
