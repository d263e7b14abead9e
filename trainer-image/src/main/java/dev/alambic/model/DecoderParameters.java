package dev.alambic.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.alambic.decoder.DecoderConfig;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The trainable tensors of a decoder, float32: few and flat, so that an optimizer step, a
 * checkpoint or a collective is one call per layer.
 *
 * @param embedding {@code [vocabulary, hidden]}
 * @param layers per layer one flat tensor, as {@link LayerLayout} defines it
 * @param norm {@code [hidden]}, the final norm
 * @param head {@code [vocabulary, hidden]}; the very same array as the embedding if it is tied
 */
public record DecoderParameters(
    NDArray embedding, List<NDArray> layers, NDArray norm, NDArray head) {

  /**
   * Random weights: normal with variance 1 / fan-in, for embedding and head 1 / hidden; norms at
   * the identity, biases at zero. transformers draws every matrix with a deviation of 0.02, which
   * is this at a width of 2500 (Gemma 2's smallest has 2304); narrower students need more. The same
   * seed gives the same bits on every device.
   */
  public static DecoderParameters random(NDManager manager, DecoderConfig config, long seed) {
    return random(manager, config, seed, TensorKeeper.NONE);
  }

  /** The same weights; {@code keeper} takes over each tensor as it is made. */
  public static DecoderParameters random(
      NDManager manager, DecoderConfig config, long seed, TensorKeeper keeper) {
    try (RandomWeights weights = new RandomWeights(manager, config, seed)) {
      NDArray embedding = weights.matrix();
      keeper.register(embedding);
      List<NDArray> layers = new ArrayList<>();
      for (int layer = 0; layer < config.layers(); layer++) {
        NDArray flat = weights.layer();
        keeper.register(flat);
        layers.add(flat);
      }
      NDArray norm = weights.norm();
      keeper.register(norm);
      NDArray head = embedding;
      if (!config.vocabulary().tied()) {
        head = weights.matrix();
        keeper.register(head);
      }
      return new DecoderParameters(embedding, List.copyOf(layers), norm, head);
    }
  }

  /** The same layout of other arrays, such as gradients; a tied head stays one array. */
  public DecoderParameters map(UnaryOperator<NDArray> function) {
    NDArray first = function.apply(embedding);
    return new DecoderParameters(
        first,
        layers.stream().map(function).toList(),
        function.apply(norm),
        head == embedding ? first : function.apply(head));
  }

  /** All tensors in a fixed order: embedding, layers, final norm, and a head of its own. */
  public List<NDArray> all() {
    List<NDArray> all = new ArrayList<>();
    all.add(embedding);
    all.addAll(layers);
    all.add(norm);
    if (head != embedding) {
      all.add(head);
    }
    return all;
  }

  /** The same layout of these arrays, which are in the order of {@link #all}. */
  public DecoderParameters of(List<NDArray> arrays) {
    Iterator<NDArray> next = arrays.iterator();
    NDArray first = next.next();
    List<NDArray> theirLayers = new ArrayList<>();
    layers.forEach(layer -> theirLayers.add(next.next()));
    NDArray theirNorm = next.next();
    return new DecoderParameters(
        first, List.copyOf(theirLayers), theirNorm, head == embedding ? first : next.next());
  }

  /** Where a layer's tensor is in {@link #all}. */
  public static int ofLayer(int layer) {
    return 1 + layer;
  }

  /** Where the tensors that belong to no layer are in {@link #all}. */
  public List<Integer> ends() {
    int norm = ofLayer(layers.size());
    return head == embedding ? List.of(0, norm) : List.of(0, norm, norm + 1);
  }

  /**
   * For each tensor of {@link #all}, how many of its first elements belong to matrices; the rest
   * are norms and biases, which no weight decay touches.
   */
  public static List<Long> matrixElements(DecoderConfig config) {
    List<Long> lengths = new ArrayList<>();
    lengths.add(config.embeddingParameters());
    for (int layer = 0; layer < config.layers(); layer++) {
      lengths.add(config.layerMatrixParameters());
    }
    lengths.add(0L);
    if (!config.vocabulary().tied()) {
      lengths.add(config.headParameters());
    }
    return lengths;
  }
}
