package dev.alambic.feed;

import dev.alambic.corpus.PackedSequences;
import java.util.List;

/**
 * How often each token comes, whatever stands before it: the least that a model of the text knows.
 * Counts are raised by one, so that no token is impossible.
 */
final class Unigram {
  /** Tokens counted at most; more would not move the loss that a gate asks for. */
  private static final long ENOUGH_TOKENS = 1 << 20;

  private final long[] counts;
  private long total;

  private Unigram(int vocabularySize) {
    this.counts = new long[vocabularySize];
    this.total = vocabularySize;
  }

  /** Counts the tokens of at most a million tokens of sequences, evenly spread. */
  static Unigram of(PackedSequences sequences, int vocabularySize) {
    Unigram unigram = new Unigram(vocabularySize);
    int length = sequences.sequence(0).length;
    long read = Math.min(sequences.count(), Math.max(1, ENOUGH_TOKENS / length));
    for (long i = 0; i < read; i++) {
      unigram.count(sequences.sequence(i * sequences.count() / read));
    }
    return unigram;
  }

  private void count(int[] tokens) {
    for (int token : tokens) {
      counts[token]++;
    }
    total += tokens.length;
  }

  /** Mean cross-entropy of the labels of sequences of T + 1 tokens, nats per token. */
  double loss(List<int[]> sequences) {
    double sum = 0;
    long labels = 0;
    for (int[] tokens : sequences) {
      for (int i = 1; i < tokens.length; i++) {
        sum -= Math.log((counts[tokens[i]] + 1.0) / total);
      }
      labels += tokens.length - 1;
    }
    return sum / labels;
  }
}
