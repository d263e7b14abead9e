package dev.alambic.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.alambic.signal.DenseSignal;
import dev.alambic.signal.LabelSignal;
import dev.alambic.signal.SampledSignal;
import dev.alambic.signal.Signal;
import dev.alambic.signal.TopKSignal;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the positions of a micro-batch are compared with, as tensors of a run of positions; of those
 * that count, one example after the other.
 */
public final class Targets {
  /** Log-probability of an impossible token, in nats; its exponential is still a float. */
  private static final float NOTHING = -80;

  private final List<Example> examples;
  private final int time;

  /** Example times {@code time} plus position, of each that counts. */
  private final int[] places;

  /** Targets of {@code examples}, of {@code time} positions at most. */
  public Targets(List<Example> examples, int time) {
    this.examples = examples;
    this.time = time;
    this.places =
        IntStream.range(0, examples.size())
            .flatMap(i -> places(examples.get(i)).map(position -> i * time + position))
            .toArray();
  }

  private static IntStream places(Example example) {
    return IntStream.range(example.first(), example.positions());
  }

  /** Positions that count. */
  int positions() {
    return places.length;
  }

  /** Whether every position of {@code [examples, time]} counts. */
  boolean all() {
    return places.length == examples.size() * time;
  }

  /** Where the positions lie in {@code [examples x time]}: {@code [to - from]}, int64. */
  NDArray places(NDManager scope, int from, int to) {
    return scope.create(Arrays.stream(places, from, to).asLongStream().toArray());
  }

  private Example example(int i) {
    return examples.get(places[i] / time);
  }

  private int position(int i) {
    return places[i] % time;
  }

  boolean hasTeacher() {
    return examples.get(0).signal() != null;
  }

  boolean isDense() {
    return examples.get(0).signal() instanceof DenseSignal;
  }

  boolean isTopK() {
    return examples.get(0).signal() instanceof TopKSignal;
  }

  boolean isLabel() {
    return examples.get(0).signal() instanceof LabelSignal;
  }

  /** Labels {@code [to - from]}, int64. */
  NDArray labels(NDManager scope, int from, int to) {
    long[] labels = new long[to - from];
    for (int i = from; i < to; i++) {
      labels[i - from] = example(i).tokens()[position(i) + 1];
    }
    return scope.create(labels);
  }

  /**
   * The teacher's draws: ids {@code [n, most distinct]}, their share of the draws (0 in padding)
   * and the teacher's entropy {@code [n]}. Without a teacher every share is 0.
   */
  Draws draws(NDManager scope, int from, int to) {
    int n = to - from;
    int width = 1;
    for (int i = from; i < to; i++) {
      width = Math.max(width, distinct(i));
    }
    long[] ids = new long[n * width];
    float[] weights = new float[n * width];
    float[] entropy = new float[n];
    for (int i = from; i < to; i++) {
      fill(i, (i - from) * width, ids, weights);
      Signal signal = signal(i);
      entropy[i - from] = signal == null ? 0 : signal.entropy()[position(i)];
    }
    Shape shape = new Shape(n, width);
    return new Draws(scope.create(ids, shape), scope.create(weights, shape), scope.create(entropy));
  }

  private int distinct(int i) {
    return signal(i) instanceof SampledSignal signal
        ? signal.offsets()[position(i) + 1] - signal.offsets()[position(i)]
        : 0;
  }

  private void fill(int i, int at, long[] ids, float[] weights) {
    if (signal(i) instanceof SampledSignal signal) {
      int start = signal.offsets()[position(i)];
      for (int k = 0; k < distinct(i); k++) {
        ids[at + k] = signal.ids()[start + k];
        weights[at + k] = (float) signal.counts()[start + k] / signal.draws();
      }
    }
  }

  record Draws(NDArray ids, NDArray weights, NDArray entropy) {}

  /**
   * The teacher's log-probabilities {@code [to - from, rows]}; of rows that the teacher does not
   * have, as good as none.
   *
   * @param width rows of the student
   */
  NDArray logProbabilities(NDManager scope, int from, int to, int width) {
    DenseSignal first = (DenseSignal) examples.get(0).signal();
    int vocabulary = first.logProbabilities().length / first.positions();
    float[] rows = new float[(to - from) * width];
    if (width > vocabulary) {
      Arrays.fill(rows, NOTHING);
    }
    for (int i = from; i < to; i++) {
      DenseSignal signal = (DenseSignal) signal(i);
      System.arraycopy(
          signal.logProbabilities(),
          position(i) * vocabulary,
          rows,
          (i - from) * width,
          vocabulary);
    }
    return scope.create(rows, new Shape(to - from, width));
  }

  /**
   * The teacher's most probable ids {@code [n, K]}, int64, and log-probabilities {@code [n, K +
   * 1]}: the ids', then that of all others together.
   */
  Top top(NDManager scope, int from, int to) {
    int n = to - from;
    int size = ((TopKSignal) signal(from)).size();
    long[] ids = new long[n * size];
    float[] values = new float[n * (size + 1)];
    for (int i = 0; i < n; i++) {
      TopKSignal signal = (TopKSignal) signal(from + i);
      int position = position(from + i);
      for (int k = 0; k < size; k++) {
        ids[i * size + k] = signal.ids()[position * size + k];
      }
      System.arraycopy(
          signal.logProbabilities(), position * (size + 1), values, i * (size + 1), size + 1);
    }
    return new Top(
        scope.create(ids, new Shape(n, size)), scope.create(values, new Shape(n, size + 1)));
  }

  record Top(NDArray ids, NDArray logProbabilities) {}

  /**
   * Log-probabilities of the labels {@code [to - from]}: the teacher's, and the student's as it
   * drew them.
   */
  Own own(NDManager scope, int from, int to) {
    float[] teacher = new float[to - from];
    float[] drawn = new float[to - from];
    for (int i = from; i < to; i++) {
      teacher[i - from] = signal(i).labelLogProbability()[position(i)];
      drawn[i - from] = example(i).drawn()[position(i) - example(i).first()];
    }
    return new Own(scope.create(teacher), scope.create(drawn));
  }

  record Own(NDArray teacher, NDArray drawn) {}

  private Signal signal(int i) {
    return example(i).signal();
  }
}
