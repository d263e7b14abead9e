package dev.alambic.data;

import java.util.Objects;

/** Sequences of mapped tokens; the last tokens that do not fill one are left out. */
record MappedSequences(MappedTokens tokens, int sequenceLength) implements PackedSequences {
  @Override
  public long count() {
    return Math.max(0, tokens.count() - 1) / sequenceLength;
  }

  @Override
  public int[] sequence(long index) {
    Objects.checkIndex(index, count());
    return tokens.read(index * sequenceLength, sequenceLength + 1);
  }
}
