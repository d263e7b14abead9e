package dev.alambic.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.alambic.decoder.DecoderConfig;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The trainable tensors of a decoder, float32: few and flat, so that an optimizer step, a
 * checkpoint or a collective is one call per layer.
 *
 * @param embedding {@code [vocabulary, hidden]}, shared by input and output
 * @param layers per layer one flat tensor: q, k, v, o, gate, up, down, then the four norms
 * @param norm {@code [hidden]}, the final norm
 */
public record DecoderParameters(NDArray embedding, List<NDArray> layers, NDArray norm) {

  /**
   * Random weights: normal with variance 1 / fan-in (0.02 at Gemma 2's width of 2304, the family's
   * value), the embedding with variance 1 / hidden so that the scaled embedding has unit variance;
   * norms at the identity. The same seed gives the same bits on every device.
   */
  public static DecoderParameters random(NDManager manager, DecoderConfig config, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int hidden = config.hiddenSize();
    NDArray embedding =
        normal(
            manager,
            new Shape(config.vocabularySize(), hidden),
            List.of(new Block(config.embeddingParameters(), hidden)),
            random.split());
    List<NDArray> layers = new ArrayList<>();
    long attention = (long) hidden * config.headSize();
    List<Block> blocks =
        List.of(
            new Block(attention * (config.heads() + 2L * config.keyValueHeads()), hidden),
            new Block(attention * config.heads(), config.heads() * config.headSize()),
            new Block(2L * hidden * config.feedForwardSize(), hidden),
            new Block((long) hidden * config.feedForwardSize(), config.feedForwardSize()));
    for (int layer = 0; layer < config.layers(); layer++) {
      layers.add(normal(manager, new Shape(config.layerParameters()), blocks, random.split()));
    }
    return new DecoderParameters(embedding, List.copyOf(layers), manager.zeros(new Shape(hidden)));
  }

  /** A run of parameters with variance {@code 1 / fanIn}. */
  private record Block(long length, int fanIn) {}

  private static NDArray normal(
      NDManager manager, Shape shape, List<Block> blocks, SplittableRandom random) {
    int length = Math.toIntExact(shape.size());
    ByteBuffer bytes = ByteBuffer.allocateDirect(Math.multiplyExact(length, Float.BYTES));
    FloatBuffer values = bytes.order(ByteOrder.nativeOrder()).asFloatBuffer();
    for (Block block : blocks) {
      double deviation = 1 / Math.sqrt(block.fanIn());
      for (long i = 0; i < block.length(); i++) {
        values.put((float) (deviation * random.nextGaussian()));
      }
    }
    return manager.create(values.rewind(), shape);
  }

  /** All tensors in a fixed order: embedding, layers, final norm. */
  public List<NDArray> all() {
    List<NDArray> all = new ArrayList<>();
    all.add(embedding);
    all.addAll(layers);
    all.add(norm);
    return all;
  }

  /**
   * For each tensor of {@link #all}, how many of its first elements belong to matrices; the rest
   * are norms, which no weight decay touches.
   */
  public static List<Long> matrixElements(DecoderConfig config) {
    List<Long> lengths = new ArrayList<>();
    lengths.add(config.embeddingParameters());
    for (int layer = 0; layer < config.layers(); layer++) {
      lengths.add(config.layerParameters() - 4L * config.hiddenSize());
    }
    lengths.add(0L);
    return lengths;
  }
}
