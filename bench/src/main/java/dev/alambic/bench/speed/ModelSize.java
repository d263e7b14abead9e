package dev.alambic.bench.speed;

import dev.alambic.decoder.DecoderConfig;
import dev.alambic.operator.plan.Gemma2;
import java.util.List;

/**
 * A model whose speed is measured.
 *
 * @param batch sequences of a step and of its one forward pass
 */
record ModelSize(DecoderConfig shape, int batch) {
  /** Tokens of a sequence. Short enough that attention scores are one block, all computed. */
  static final int SEQUENCE = 256;

  /** The three sizes of the README. */
  static List<ModelSize> all() {
    return List.of(
        new ModelSize(Gemma2.decoder(2048, 64, 3, 4, 2, 16, 160, SEQUENCE, SEQUENCE, 16), 8),
        new ModelSize(Gemma2.decoder(2048, 224, 4, 4, 2, 56, 576, SEQUENCE, SEQUENCE, 56), 8),
        new ModelSize(Gemma2.decoder(8192, 512, 5, 8, 4, 64, 1536, SEQUENCE, SEQUENCE, 64), 4));
  }

  /**
   * Floating-point operations of one token's forward pass in a sequence of {@code time} tokens, the
   * head included: matrix products, two for each multiply-add. Everything else (norms, softmax,
   * GeLU, the optimizer) counts as nothing, so that speeds compare with a bare matmul's.
   */
  static double flops(DecoderConfig shape, int time) {
    // The embedding counts once: looking up a row multiplies nothing, the head does.
    long weights = shape.embeddingParameters() + shape.layers() * shape.layerMatrixParameters();
    // Queries on keys, and weights on values, each over the whole sequence, masked or not.
    int width = shape.attention().heads() * shape.attention().headSize();
    return 2.0 * weights + 2 * 2.0 * time * width * shape.layers();
  }

  /** Tokens of a step. */
  int tokens() {
    return batch * SEQUENCE;
  }
}
