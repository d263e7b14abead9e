package dev.alambic.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.alambic.signal.DenseSignal;
import dev.alambic.signal.SampledSignal;
import dev.alambic.signal.Signal;
import dev.alambic.signal.TopKSignal;
import java.util.List;

/** What the positions of a micro-batch are compared with, as tensors of a run of positions. */
final class Targets {
  private final List<Example> examples;
  private final int time;

  /** Targets of {@code examples}, all of {@code time} positions. */
  Targets(List<Example> examples, int time) {
    this.examples = examples;
    this.time = time;
  }

  /** Positions in all. */
  int positions() {
    return examples.size() * time;
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

  /** Labels {@code [to - from]}, int64. */
  NDArray labels(NDManager scope, int from, int to) {
    long[] labels = new long[to - from];
    for (int i = from; i < to; i++) {
      labels[i - from] = examples.get(i / time).tokens()[i % time + 1];
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
      entropy[i - from] = signal == null ? 0 : signal.entropy()[i % time];
    }
    Shape shape = new Shape(n, width);
    return new Draws(scope.create(ids, shape), scope.create(weights, shape), scope.create(entropy));
  }

  private int distinct(int position) {
    return signal(position) instanceof SampledSignal signal
        ? signal.offsets()[position % time + 1] - signal.offsets()[position % time]
        : 0;
  }

  private void fill(int position, int at, long[] ids, float[] weights) {
    if (signal(position) instanceof SampledSignal signal) {
      int start = signal.offsets()[position % time];
      for (int k = 0; k < distinct(position); k++) {
        ids[at + k] = signal.ids()[start + k];
        weights[at + k] = (float) signal.counts()[start + k] / signal.draws();
      }
    }
  }

  record Draws(NDArray ids, NDArray weights, NDArray entropy) {}

  /** The teacher's log-probabilities {@code [to - from, vocabulary]}. */
  NDArray logProbabilities(NDManager scope, int from, int to) {
    int vocabulary = ((DenseSignal) examples.get(0).signal()).logProbabilities().length / time;
    float[] rows = new float[(to - from) * vocabulary];
    for (int i = from; i < to; i++) {
      DenseSignal signal = (DenseSignal) examples.get(i / time).signal();
      System.arraycopy(
          signal.logProbabilities(),
          i % time * vocabulary,
          rows,
          (i - from) * vocabulary,
          vocabulary);
    }
    return scope.create(rows, new Shape(to - from, vocabulary));
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
      int position = (from + i) % time;
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

  private Signal signal(int position) {
    return examples.get(position / time).signal();
  }
}
