package dev.alambic.model.reference;

import dev.alambic.decoder.DecoderConfig;
import dev.alambic.decoder.Rotary;
import java.util.Arrays;
import java.util.function.Function;

/** Causal self-attention with grouped key-value heads (Ainslie et al., arXiv 2305.13245). */
final class Attention {

  private final DecoderConfig config;
  private final boolean sliding;

  Attention(DecoderConfig config, boolean sliding) {
    this.config = config;
    this.sliding = sliding;
  }

  /**
   * {@code [sequence, hidden]} to the same.
   *
   * @param weights row-major {@code [out, in]} by name, {@code q_proj.weight} and so on; null for a
   *     bias, or a norm of queries and keys, that the model does not have
   */
  double[][] apply(double[][] x, Function<String, double[]> weights) {
    int length = x.length;
    double[][][] queries = new double[length][][];
    double[][][] keys = new double[length][][];
    double[][][] values = new double[length][][];
    for (int t = 0; t < length; t++) {
      queries[t] = heads(Vectors.linear("q_proj", weights, x[t]));
      queries[t] = turned(normed(queries[t], weights.apply("q_norm.weight")), t);
      keys[t] = heads(Vectors.linear("k_proj", weights, x[t]));
      keys[t] = turned(normed(keys[t], weights.apply("k_norm.weight")), t);
      values[t] = heads(Vectors.linear("v_proj", weights, x[t]));
    }
    double[][] y = new double[length][];
    for (int t = 0; t < length; t++) {
      double[] concatenated =
          new double[config.attention().heads() * config.attention().headSize()];
      for (int head = 0; head < config.attention().heads(); head++) {
        int group = head / (config.attention().heads() / config.attention().keyValueHeads());
        double[] mixed = mix(probabilities(queries[t][head], keys, group, t), values, group);
        System.arraycopy(
            mixed, 0, concatenated, head * config.attention().headSize(), mixed.length);
      }
      y[t] = Vectors.linear("o_proj", weights, concatenated);
    }
    return y;
  }

  /**
   * Whether position i may look at position j: never ahead, and in a sliding layer only at the last
   * {@code slidingWindow} positions, its own included. In transformers' words: {@code kv_idx <=
   * q_idx and kv_idx > q_idx - sliding_window}.
   */
  boolean sees(int i, int j) {
    return j <= i && (!sliding || j > i - config.positions().slidingWindow());
  }

  /** How position i's query spreads over all positions; sums to one. */
  double[] probabilities(double[] query, double[][][] keys, int group, int i) {
    double[] scores = new double[keys.length];
    for (int j = 0; j < keys.length; j++) {
      double score =
          Vectors.dot(query, keys[j][group]) / Math.sqrt(config.attention().queryScale());
      scores[j] =
          sees(i, j)
              ? SoftCap.apply(score, config.attention().softCap())
              : Double.NEGATIVE_INFINITY;
    }
    return Vectors.exp(Vectors.logSoftmax(scores));
  }

  private double[] mix(double[] probabilities, double[][][] values, int group) {
    double[] mixed = new double[config.attention().headSize()];
    for (int j = 0; j < values.length; j++) {
      for (int k = 0; k < mixed.length; k++) {
        mixed[k] += probabilities[j] * values[j][group][k];
      }
    }
    return mixed;
  }

  private double[][] heads(double[] concatenated) {
    int size = config.attention().headSize();
    double[][] heads = new double[concatenated.length / size][];
    for (int head = 0; head < heads.length; head++) {
      heads[head] = Arrays.copyOfRange(concatenated, head * size, (head + 1) * size);
    }
    return heads;
  }

  private double[][] normed(double[][] heads, double[] weight) {
    if (weight == null) {
      return heads;
    }
    double[] gain = RmsNorm.gain(weight, config.family());
    return Arrays.stream(heads)
        .map(head -> RmsNorm.apply(head, gain, config.normEpsilon()))
        .toArray(double[][]::new);
  }

  private double[][] turned(double[][] heads, int position) {
    Rotary rotary = sliding ? config.positions().slidingRotary() : config.positions().rotary();
    return Arrays.stream(heads)
        .map(head -> RotaryPosition.apply(head, position, rotary))
        .toArray(double[][]::new);
  }
}
