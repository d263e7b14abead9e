package dev.alambic.model.reference;

import dev.alambic.decoder.DecoderConfig;
import dev.alambic.decoder.Family;
import java.util.Arrays;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

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
    String head = config.vocabulary().tied() ? "model.embed_tokens.weight" : "lm_head.weight";
    double[][] logits = new double[hidden.length][];
    for (int t = 0; t < hidden.length; t++) {
      logits[t] = Vectors.linear(weight(head), hidden[t]);
      for (int v = 0; v < logits[t].length; v++) {
        logits[t][v] = SoftCap.apply(logits[t][v], config.vocabulary().softCap());
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

  /** Rows of the embedding, in Gemma times the root of the width, {@code [sequence, hidden]}. */
  public double[][] embed(int... tokens) {
    int hidden = config.hiddenSize();
    double[][] x = new double[tokens.length][];
    for (int t = 0; t < tokens.length; t++) {
      int row = tokens[t] * hidden;
      double[] embedding =
          Arrays.copyOfRange(weight("model.embed_tokens.weight"), row, row + hidden);
      x[t] = Vectors.scale(gemma() ? Math.sqrt(hidden) : 1, embedding);
    }
    return x;
  }

  private boolean gemma() {
    return config.family() == Family.Gemma2 || config.family() == Family.Gemma3;
  }

  /**
   * One layer, {@code [sequence, hidden]} to the same: each block is normed before, and in Gemma
   * after. The others call the norm before feed-forward post_attention_layernorm.
   */
  public double[][] layer(int layer, double[][] x) {
    String prefix = "model.layers." + layer + ".";
    double[][] attended = norm(x, prefix + "input_layernorm.weight");
    attended =
        new Attention(config, config.slides(layer))
            .apply(attended, name -> weights.get(prefix + "self_attn." + name));
    if (gemma()) {
      attended = norm(attended, prefix + "post_attention_layernorm.weight");
    }
    double[][] middle = add(x, attended);

    String before = gemma() ? "pre_feedforward_layernorm" : "post_attention_layernorm";
    double[][] fed = norm(middle, prefix + before + ".weight");
    fed = feedForward(prefix + "mlp.", fed);
    if (gemma()) {
      fed = norm(fed, prefix + "post_feedforward_layernorm.weight");
    }
    return add(middle, fed);
  }

  private double[][] feedForward(String prefix, double[][] x) {
    DoubleUnaryOperator activation = gemma() ? FeedForward::gelu : FeedForward::silu;
    double[][] y = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      y[t] = FeedForward.apply(x[t], name -> weights.get(prefix + name), activation);
    }
    return y;
  }

  private double[][] norm(double[][] x, String name) {
    double[] gain = RmsNorm.gain(weight(name), config.family());
    double[][] y = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      y[t] = RmsNorm.apply(x[t], gain, config.normEpsilon());
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
