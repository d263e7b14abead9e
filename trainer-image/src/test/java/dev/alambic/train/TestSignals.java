package dev.alambic.train;

import dev.alambic.model.reference.ReferenceDivergence;
import dev.alambic.model.reference.ReferenceTarget;
import dev.alambic.signal.DenseSignal;
import dev.alambic.signal.SampledSignal;
import dev.alambic.signal.TopKSignal;
import dev.alambic.step.Example;
import java.util.Arrays;
import java.util.Random;

/** Random teachers, said twice: as a signal for the engine and as targets for the reference. */
public final class TestSignals {
  private final Random random;
  private final int vocabulary;
  private final double temperature;

  /** Teachers that speak at {@code temperature}. */
  public TestSignals(Random random, int vocabulary, double temperature) {
    this.random = random;
    this.vocabulary = vocabulary;
    this.temperature = temperature;
  }

  /** A sequence of T + 1 tokens with its signal, and the T targets. */
  public record Taught(Example example, ReferenceTarget[] targets) {}

  /** No teacher: the reference's distribution is one that must not count. */
  public Taught none(int[] tokens) {
    Taught taught = dense(tokens, vocabulary);
    return new Taught(new Example(tokens, null), taught.targets());
  }

  /** Draws; the entropy is that of the counts, so that the divergence is one of distributions. */
  public Taught sampled(int[] tokens, int draws) {
    int positions = tokens.length - 1;
    int[] drawn = new int[positions * draws];
    ReferenceTarget[] targets = new ReferenceTarget[positions];
    for (int t = 0; t < positions; t++) {
      int[] ids = random.ints(draws, 0, vocabulary).sorted().toArray();
      System.arraycopy(ids, 0, drawn, t * draws, draws);
      int[] ones = new int[draws];
      Arrays.fill(ones, 1);
      targets[t] = ReferenceTarget.ofCounts(ids, ones, vocabulary, tokens[t + 1]);
    }
    float[] label = new float[positions];
    SampledSignal signal = SampledSignal.ofSortedDraws(draws, label, entropy(targets), drawn);
    return new Taught(new Example(tokens, signal), targets);
  }

  /** The most probable ids and one bucket. */
  public Taught topK(int[] tokens, int size) {
    int positions = tokens.length - 1;
    int[] ids = new int[positions * size];
    float[] values = new float[positions * (size + 1)];
    ReferenceTarget[] targets = dense(tokens, vocabulary).targets();
    for (int t = 0; t < positions; t++) {
      targets[t] = targets[t].top(size);
      System.arraycopy(targets[t].ids(), 0, ids, t * size, size);
      for (int k = 0; k <= size; k++) {
        values[t * (size + 1) + k] = (float) Math.log(targets[t].probabilities()[k]);
      }
    }
    float[] label = new float[positions];
    TopKSignal signal = new TopKSignal(size, label, entropy(targets), ids, values);
    return new Taught(new Example(tokens, signal), targets);
  }

  /** Distributions over the first {@code known} words only. */
  public Taught dense(int[] tokens, int known) {
    int positions = tokens.length - 1;
    float[] rows = new float[positions * vocabulary];
    ReferenceTarget[] targets = new ReferenceTarget[positions];
    for (int t = 0; t < positions; t++) {
      double[] logits = new double[vocabulary];
      Arrays.setAll(logits, v -> v < known ? 2 * random.nextGaussian() : Double.NEGATIVE_INFINITY);
      targets[t] = ReferenceTarget.ofLogits(logits, temperature, tokens[t + 1]);
      for (int v = 0; v < vocabulary; v++) {
        rows[t * vocabulary + v] = (float) Math.log(targets[t].probabilities()[v]);
      }
    }
    DenseSignal signal = new DenseSignal(new float[positions], entropy(targets), rows);
    return new Taught(new Example(tokens, signal), targets);
  }

  private static float[] entropy(ReferenceTarget[] targets) {
    float[] entropy = new float[targets.length];
    for (int t = 0; t < targets.length; t++) {
      entropy[t] = (float) ReferenceDivergence.entropy(targets[t].probabilities());
    }
    return entropy;
  }
}
