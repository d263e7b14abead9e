package dev.alambic.bench.recipe;

import dev.alambic.corpus.Corpus;
import dev.alambic.corpus.PackedSequences;
import dev.alambic.corpus.SequenceWindows;
import dev.alambic.feed.SignalSource;
import dev.alambic.signal.SampledSignal;
import dev.alambic.signal.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** Random text and random signals: speed doesn't depend on either. */
public final class RandomText {
  /** About as many as 50 draws of a trained teacher hit (arXiv 2503.16870). */
  private static final int DISTINCT = 12;

  private static final int SEQUENCES = 64;

  private final int vocabulary;
  private final int length;
  private final SplittableRandom random = new SplittableRandom(1);

  /** Sequences of T tokens of so large a vocabulary; always the same. */
  public RandomText(int vocabulary, int length) {
    this.vocabulary = vocabulary;
    this.length = length;
  }

  /** A corpus of 64 sequences, and {@code heldOut} held out. */
  public Corpus corpus(int heldOut) {
    return new Corpus(SequenceWindows.one(sequences(SEQUENCES)), sequences(heldOut), "random");
  }

  /** Sequences of T + 1 tokens. */
  public List<int[]> tokens(int count) {
    List<int[]> sequences = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sequences.add(random.ints(length + 1, 0, vocabulary).toArray());
    }
    return sequences;
  }

  private PackedSequences sequences(int count) {
    List<int[]> tokens = tokens(count);
    return new PackedSequences() {
      @Override
      public long count() {
        return count;
      }

      @Override
      public int[] sequence(long index) {
        return tokens.get((int) index);
      }
    };
  }

  /** A teacher that returns the same signal for every sequence, at once. */
  public SignalSource teacher() {
    Signal signal = signal();
    return sequences ->
        CompletableFuture.completedFuture(sequences.stream().map(sequence -> signal).toList());
  }

  /** A signal of T positions. */
  private Signal signal() {
    float[] label = new float[length];
    float[] entropy = new float[length];
    Arrays.fill(label, -2);
    Arrays.fill(entropy, 2);
    int[] draws = new int[length * Recipe.DRAWS];
    for (int position = 0; position < length; position++) {
      int[] ids = random.ints(DISTINCT, 0, vocabulary).toArray();
      int from = position * Recipe.DRAWS;
      for (int draw = 0; draw < Recipe.DRAWS; draw++) {
        draws[from + draw] = ids[draw % DISTINCT];
      }
      Arrays.sort(draws, from, from + Recipe.DRAWS);
    }
    return SampledSignal.ofSortedDraws(Recipe.DRAWS, label, entropy, draws);
  }
}
