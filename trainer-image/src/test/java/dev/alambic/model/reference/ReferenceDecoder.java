package dev.alambic.model.reference;

import dev.alambic.decoder.DecoderConfig;
import java.util.Arrays;
import java.util.Map;

/** The whole decoder: token ids in, logits out. */
public final class ReferenceDecoder {

  private final DecoderConfig config;
  private final Map<String, double[]> weights;

  /**
   * A decoder over weights that it doesn't copy: change an element and the next call sees it.
   *
   * @param weights row-major values by Hugging Face's name
   */
  public ReferenceDecoder(DecoderConfig config, Map<String, double[]> weights) {
    this.config = config;
    this.weights = weights;
  }

  /** Logits {@code [sequence, vocabulary]} of the token after each position. */
  public double[][] logits(int... tokens) {
    return head(finalHidden(tokens));
  }

  /** The head alone: {@code [sequence, hidden]} to soft-capped logits. */
  public double[][] head(double[][] hidden) {
    double[][] logits = new double[hidden.length][];
    for (int t = 0; t < hidden.length; t++) {
      logits[t] = Vectors.linear(weight("model.embed_tokens.weight"), hidden[t]);
      for (int v = 0; v < logits[t].length; v++) {
        logits[t][v] = SoftCap.apply(logits[t][v], config.finalSoftCap());
      }
    }
    return logits;
  }

  /**
   * What the head sees: the last layer's output after the final norm, {@code [sequence, hidden]}.
   */
  public double[][] finalHidden(int... tokens) {
    double[][] x = embed(tokens);
    for (int layer = 0; layer < config.layers(); layer++) {
      x = layer(layer, x);
    }
    return norm(x, "model.norm.weight");
  }

  /** Rows of the embedding, times the square root of the width, {@code [sequence, hidden]}. */
  public double[][] embed(int... tokens) {
    int hidden = config.hiddenSize();
    double[][] x = new double[tokens.length][];
    for (int t = 0; t < tokens.length; t++) {
      int row = tokens[t] * hidden;
      double[] embedding =
          Arrays.copyOfRange(weight("model.embed_tokens.weight"), row, row + hidden);
      x[t] = Vectors.scale(Math.sqrt(hidden), embedding);
    }
    return x;
  }

  /** One layer, {@code [sequence, hidden]} to the same: each block is normed before and after. */
  public double[][] layer(int layer, double[][] x) {
    String prefix = "model.layers." + layer + ".";
    double[][] attended = norm(x, prefix + "input_layernorm.weight");
    attended = attention(layer, prefix + "self_attn.", attended);
    attended = norm(attended, prefix + "post_attention_layernorm.weight");
    double[][] middle = add(x, attended);

    double[][] fed = norm(middle, prefix + "pre_feedforward_layernorm.weight");
    fed = feedForward(prefix + "mlp.", fed);
    fed = norm(fed, prefix + "post_feedforward_layernorm.weight");
    return add(middle, fed);
  }

  private double[][] attention(int layer, String prefix, double[][] x) {
    // Gemma 2 begins with a sliding layer and alternates.
    boolean sliding = layer % 2 == 0;
    return new Attention(config, sliding)
        .apply(
            x,
            new Attention.Weights(
                weight(prefix + "q_proj.weight"),
                weight(prefix + "k_proj.weight"),
                weight(prefix + "v_proj.weight"),
                weight(prefix + "o_proj.weight")));
  }

  private double[][] feedForward(String prefix, double[][] x) {
    double[][] y = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      y[t] =
          FeedForward.apply(
              x[t],
              weight(prefix + "gate_proj.weight"),
              weight(prefix + "up_proj.weight"),
              weight(prefix + "down_proj.weight"));
    }
    return y;
  }

  private double[][] norm(double[][] x, String name) {
    double[][] y = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      y[t] = RmsNorm.apply(x[t], weight(name), config.normEpsilon());
    }
    return y;
  }

  private static double[][] add(double[][] a, double[][] b) {
    double[][] sum = new double[a.length][];
    for (int t = 0; t < a.length; t++) {
      sum[t] = Vectors.add(a[t], b[t]);
    }
    return sum;
  }

  private double[] weight(String name) {
    double[] values = weights.get(name);
    if (values == null) {
      throw new IllegalArgumentException("no weight " + name);
    }
    return values;
  }
}
