package dev.alambic.signal;

import dev.alambic.api.v1alpha1.SignalEncoding;
import java.util.SplittableRandom;

/** Fingerprints and random signals for tests. */
public final class SignalFixtures {
  public static final ModelDigests MODEL =
      new ModelDigests("c".repeat(64), "d".repeat(64), "e".repeat(64));

  private SignalFixtures() {}

  /** A fingerprint of sampled signals. */
  public static Fingerprint sampled(int vocabulary, int draws) {
    return new Fingerprint(
        Fingerprint.VERSION,
        MODEL,
        vocabulary,
        30,
        new SignalSettings(SignalEncoding.Sampled, draws, 7, 1));
  }

  /** A fingerprint of the most probable ids. */
  public static Fingerprint topK(int vocabulary, int size) {
    return new Fingerprint(
        Fingerprint.VERSION,
        MODEL,
        vocabulary,
        30,
        new SignalSettings(SignalEncoding.TopK, size, 0, 1));
  }

  /** A fingerprint of the text's own tokens alone. */
  public static Fingerprint label(int vocabulary) {
    return new Fingerprint(
        Fingerprint.VERSION,
        MODEL,
        vocabulary,
        30,
        new SignalSettings(SignalEncoding.Label, 0, 0, 1));
  }

  /** A fingerprint of dense signals. */
  public static Fingerprint dense(int vocabulary) {
    return new Fingerprint(
        Fingerprint.VERSION,
        MODEL,
        vocabulary,
        30,
        new SignalSettings(SignalEncoding.Dense, 0, 0, 1));
  }

  /** A sampled signal of some distribution at each position. */
  public static SampledSignal sampledSignal(
      Fingerprint fingerprint, int positions, SplittableRandom random) {
    int draws = fingerprint.settings().size();
    double[] p = SignalMath.zipf(fingerprint.vocabularySize(), 1.6);
    float[] labels = new float[positions];
    float[] entropy = new float[positions];
    int[] drawn = new int[positions * draws];
    for (int position = 0; position < positions; position++) {
      double[] here = SignalMath.shuffled(p, random);
      labels[position] = (float) Math.log(here[random.nextInt(here.length)]);
      entropy[position] = (float) SignalMath.entropy(here);
      double[] uniforms = Draws.uniforms(7, 99, position, draws);
      int[] ids = SignalMath.inverse(here, uniforms);
      System.arraycopy(ids, 0, drawn, position * draws, draws);
    }
    return SampledSignal.ofSortedDraws(draws, labels, entropy, drawn);
  }

  /** The most probable ids of some distribution at each position. */
  public static TopKSignal topKSignal(
      Fingerprint fingerprint, int positions, SplittableRandom random) {
    int vocabulary = fingerprint.vocabularySize();
    int size = Math.min(fingerprint.settings().size(), vocabulary);
    DenseSignal dense = denseSignal(fingerprint, positions, random);
    int[] ids = new int[positions * size];
    float[] values = new float[positions * (size + 1)];
    for (int position = 0; position < positions; position++) {
      float[] row = SignalMath.row(dense.logProbabilities(), position, vocabulary);
      int[] top = SignalMath.mostProbable(row, size);
      double rest = 1;
      for (int k = 0; k < size; k++) {
        ids[position * size + k] = top[k];
        values[position * (size + 1) + k] = row[top[k]];
        rest -= Math.exp(row[top[k]]);
      }
      values[position * (size + 1) + size] = (float) Math.log(Math.max(rest, Math.exp(-64)));
    }
    return new TopKSignal(size, dense.labelLogProbability(), dense.entropy(), ids, values);
  }

  /** A dense signal of some distribution at each position. */
  public static DenseSignal denseSignal(
      Fingerprint fingerprint, int positions, SplittableRandom random) {
    int vocabulary = fingerprint.vocabularySize();
    double[] p = SignalMath.zipf(vocabulary, 1.2);
    float[] labels = new float[positions];
    float[] entropy = new float[positions];
    float[] values = new float[positions * vocabulary];
    for (int position = 0; position < positions; position++) {
      double[] here = SignalMath.shuffled(p, random);
      labels[position] = (float) Math.log(here[0]);
      entropy[position] = (float) SignalMath.entropy(here);
      for (int id = 0; id < vocabulary; id++) {
        values[position * vocabulary + id] = (float) Math.log(here[id]);
      }
    }
    return new DenseSignal(labels, entropy, values);
  }
}
