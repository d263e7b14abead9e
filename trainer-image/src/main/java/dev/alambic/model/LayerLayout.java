package dev.alambic.model;

import dev.alambic.decoder.AttentionBias;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.decoder.Family.Trait;
import java.util.ArrayList;
import java.util.List;

/** Where each tensor of a layer lies in the layer's one flat parameter tensor. */
public final class LayerLayout {

  /**
   * One tensor of the layer.
   *
   * @param suffix Hugging Face's name after {@code model.layers.N.}
   * @param offset first element, counted from the layer's start
   * @param shape row-major, {@code [out, in]} for projections
   */
  public record Slice(String suffix, long offset, TensorShape shape) {

    /** Whether it is a projection; else it is a norm or a bias. */
    boolean isMatrix() {
      return shape.dimensions().size() == 2;
    }

    boolean isNorm() {
      return suffix.endsWith("norm.weight");
    }
  }

  private final List<Slice> slices = new ArrayList<>();
  private long length;

  /** Matrices first, then what no weight decay touches: norms and biases. */
  public LayerLayout(DecoderConfig config) {
    addMatrices(config);
    addNorms(config);
    addBiases(config);
  }

  private void addMatrices(DecoderConfig config) {
    long hidden = config.hiddenSize();
    long queries = (long) config.attention().heads() * config.attention().headSize();
    long keys = (long) config.attention().keyValueHeads() * config.attention().headSize();
    long feedForward = config.feedForward().size();
    add("self_attn.q_proj.weight", queries, hidden);
    add("self_attn.k_proj.weight", keys, hidden);
    add("self_attn.v_proj.weight", keys, hidden);
    add("self_attn.o_proj.weight", hidden, queries);
    add("mlp.gate_proj.weight", feedForward, hidden);
    add("mlp.up_proj.weight", feedForward, hidden);
    add("mlp.down_proj.weight", hidden, feedForward);
  }

  private void addNorms(DecoderConfig config) {
    long hidden = config.hiddenSize();
    add("input_layernorm.weight", hidden);
    if (config.family().has(Trait.NORMS_AFTER_BLOCKS)) {
      add("post_attention_layernorm.weight", hidden);
      add("pre_feedforward_layernorm.weight", hidden);
      add("post_feedforward_layernorm.weight", hidden);
    } else {
      // After attention, but of what goes into feed-forward.
      add("post_attention_layernorm.weight", hidden);
    }
    if (config.family().has(Trait.QUERY_KEY_NORMS)) {
      add("self_attn.q_norm.weight", config.attention().headSize());
      add("self_attn.k_norm.weight", config.attention().headSize());
    }
  }

  private void addBiases(DecoderConfig config) {
    if (config.attention().bias() != AttentionBias.None) {
      add(
          "self_attn.q_proj.bias",
          (long) config.attention().heads() * config.attention().headSize());
      add(
          "self_attn.k_proj.bias",
          (long) config.attention().keyValueHeads() * config.attention().headSize());
      add(
          "self_attn.v_proj.bias",
          (long) config.attention().keyValueHeads() * config.attention().headSize());
    }
    if (config.attention().bias() == AttentionBias.All) {
      add("self_attn.o_proj.bias", config.hiddenSize());
    }
    if (config.feedForward().bias()) {
      add("mlp.gate_proj.bias", config.feedForward().size());
      add("mlp.up_proj.bias", config.feedForward().size());
      add("mlp.down_proj.bias", config.hiddenSize());
    }
  }

  private void add(String suffix, long... dimensions) {
    Slice slice = new Slice(suffix, length, TensorShape.of(dimensions));
    slices.add(slice);
    length = Math.addExact(length, slice.shape().elements());
  }

  /** The tensors in the order in which they lie. */
  public List<Slice> slices() {
    return List.copyOf(slices);
  }

  /** Elements of the flat tensor: {@link DecoderConfig#layerParameters()}. */
  public long length() {
    return length;
  }
}
