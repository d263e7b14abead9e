package dev.alambic.bench.speed;

import dev.alambic.data.Corpus;
import dev.alambic.data.PackedSequences;
import dev.alambic.signal.SampledSignal;
import dev.alambic.signal.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Text without sense and what a teacher might say of it: speed doesn't depend on either. */
final class RandomText {
  static final int DRAWS = 50;

  /** About as many as 50 draws of a trained teacher hit (arXiv 2503.16870). */
  private static final int DISTINCT = 12;

  private static final int SEQUENCES = 64;

  private final int vocabulary;
  private final SplittableRandom random = new SplittableRandom(1);

  RandomText(int vocabulary) {
    this.vocabulary = vocabulary;
  }

  Corpus corpus() {
    return new Corpus(sequences(SEQUENCES), sequences(1), "random");
  }

  /** Sequences of T + 1 tokens. */
  List<int[]> tokens(int count) {
    List<int[]> sequences = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sequences.add(random.ints(ModelSize.SEQUENCE + 1, 0, vocabulary).toArray());
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

  /** A signal of T positions. */
  Signal signal() {
    float[] label = new float[ModelSize.SEQUENCE];
    float[] entropy = new float[ModelSize.SEQUENCE];
    Arrays.fill(label, -2);
    Arrays.fill(entropy, 2);
    int[] draws = new int[ModelSize.SEQUENCE * DRAWS];
    for (int position = 0; position < ModelSize.SEQUENCE; position++) {
      int[] ids = random.ints(DISTINCT, 0, vocabulary).toArray();
      int from = position * DRAWS;
      for (int draw = 0; draw < DRAWS; draw++) {
        draws[from + draw] = ids[draw % DISTINCT];
      }
      Arrays.sort(draws, from, from + DRAWS);
    }
    return SampledSignal.ofSortedDraws(DRAWS, label, entropy, draws);
  }
}
