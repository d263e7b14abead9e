package dev.alambic.teacher;

import dev.alambic.signal.Draws;
import dev.alambic.signal.Fingerprint;
import dev.alambic.signal.SampledSignal;
import dev.alambic.signal.Signal;
import dev.alambic.signal.SignalFixtures;
import dev.alambic.signal.SignalSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A scorer whose signals are a plain function of the tokens, which remembers its batches, and waits
 * before each one for a permit when it is told to.
 */
final class FakeScorer implements Scorer {
  static final int VOCABULARY = 100;
  static final int CONTEXT = 64;

  private final Semaphore permits = new Semaphore(0);
  private final boolean gated;
  private final List<List<int[]>> batches = new ArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();

  FakeScorer(boolean gated) {
    this.gated = gated;
  }

  static ModelDescription model() {
    return new ModelDescription(SignalFixtures.MODEL, "fake", 1234, VOCABULARY, CONTEXT, 30);
  }

  @Override
  public ModelDescription describe() {
    return model();
  }

  @Override
  public List<Signal> score(List<int[]> sequences, SignalSettings settings) {
    synchronized (batches) {
      batches.add(sequences);
    }
    if (gated) {
      permits.acquireUninterruptibly();
    }
    if (failure.get() != null) {
      throw failure.get();
    }
    return sequences.stream().map(sequence -> signal(sequence, settings)).toList();
  }

  /** Each position draws its own token and the one after it. */
  static Signal signal(int[] sequence, SignalSettings settings) {
    int positions = sequence.length - 1;
    int draws = settings.size();
    float[] labels = new float[positions];
    float[] entropy = new float[positions];
    int[] drawn = new int[positions * draws];
    for (int i = 0; i < positions; i++) {
      labels[i] = -sequence[i + 1] / 32f;
      entropy[i] = sequence[i] / 64f;
      double[] uniforms = Draws.uniforms(settings.seed(), 0, i, draws);
      int id = Math.min(sequence[i], VOCABULARY - 2);
      for (int j = 0; j < draws; j++) {
        drawn[i * draws + j] = id + (uniforms[j] < 0.5 ? 0 : 1);
      }
    }
    return SampledSignal.ofSortedDraws(draws, labels, entropy, drawn);
  }

  static Fingerprint fingerprint(SignalSettings settings) {
    return model().fingerprint(settings);
  }

  /** Lets so many gated batches go on. */
  void permit(int batchCount) {
    permits.release(batchCount);
  }

  /** From now on every batch fails with this; null: none does. */
  void failWith(RuntimeException e) {
    failure.set(e);
  }

  /** The first token of each sequence of each batch so far, in order. */
  List<List<Integer>> batches() {
    synchronized (batches) {
      return batches.stream()
          .map(batch -> batch.stream().map(sequence -> sequence[0]).toList())
          .toList();
    }
  }

  boolean isClosed() {
    return closed.getCount() == 0;
  }

  @Override
  public void close() {
    closed.countDown();
  }

  /** A sequence that starts with {@code first}. */
  static int[] sequence(int first, int length) {
    int[] tokens = new int[length];
    Arrays.fill(tokens, 1);
    tokens[0] = first;
    return tokens;
  }
}
