package dev.alambic.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Distributions in double precision, written the plain way: what the engine is compared with. */
public final class SignalMath {
  private SignalMath() {}

  /** Softmax of logits at a temperature; -inf has probability 0. */
  public static double[] softmax(double[] logits, double temperature) {
    double max = Arrays.stream(logits).max().orElseThrow();
    double[] p = Arrays.stream(logits).map(z -> Math.exp((z - max) / temperature)).toArray();
    double sum = Arrays.stream(p).sum();
    return Arrays.stream(p).map(x -> x / sum).toArray();
  }

  /** One row of {@code [rows * width]}. */
  public static float[] row(float[] rows, int row, int width) {
    return Arrays.copyOfRange(rows, row * width, (row + 1) * width);
  }

  /** The positions of the largest values, ascending. */
  public static int[] mostProbable(float[] values, int size) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparing((Integer id) -> -values[id]))
        .limit(size)
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
  }

  /** Entropy in nats. */
  public static double entropy(double[] p) {
    return -Arrays.stream(p).map(x -> x == 0 ? 0 : x * Math.log(x)).sum();
  }

  /** The inverse of the distribution function at ascending uniforms. */
  public static int[] inverse(double[] p, double[] uniforms) {
    int[] ids = new int[uniforms.length];
    double below = 0;
    int id = 0;
    for (int j = 0; j < uniforms.length; j++) {
      while (below + p[id] <= uniforms[j] && id < p.length - 1) {
        below += p[id++];
      }
      ids[j] = id;
    }
    return ids;
  }

  /**
   * Asserts that {@code ids} are what the distribution function's inverse gives at {@code
   * uniforms}; a uniform within 1e-5 of a step may fall on either side of it, as float32 has it.
   */
  public static void assertDrawn(double[] p, double[] uniforms, int[] ids) {
    for (int j = 0; j < ids.length; j++) {
      double below = Arrays.stream(p, 0, ids[j]).sum();
      assertThat(p[ids[j]]).as("probability of id %d", ids[j]).isPositive();
      assertThat(uniforms[j]).isBetween(below - 1e-5, below + p[ids[j]] + 1e-5);
    }
  }

  /** A distribution with a tail like a language model's: p(rank) ~ (rank + 3)^-exponent. */
  public static double[] zipf(int vocabulary, double exponent) {
    double[] logits = new double[vocabulary];
    for (int rank = 0; rank < vocabulary; rank++) {
      logits[rank] = -exponent * Math.log(rank + 3);
    }
    return softmax(logits, 1);
  }

  /** Puts probabilities in random order, so that the likely ids aren't the low ones. */
  public static double[] shuffled(double[] p, SplittableRandom random) {
    double[] out = p.clone();
    for (int i = out.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      double swap = out[i];
      out[i] = out[j];
      out[j] = swap;
    }
    return out;
  }
}
