package dev.alambic.bench.speed;

import dev.alambic.decoder.DecoderConfig;

/**
 * Floating-point operations of matrix products, two for each multiply-add; everything else (norms,
 * softmax, GeLU, the optimizer) counts as nothing, so that speeds compare with a bare matmul's.
 */
final class FlopCount {
  private FlopCount() {}

  /** Of one token's forward pass in a sequence of {@code time} tokens, the head included. */
  static double forward(DecoderConfig shape, int time) {
    return 2.0 * matrixParameters(shape) + attentionScores(shape, time);
  }

  /** Of one token's forward and backward pass: backward has two products for each of forward's. */
  static double training(DecoderConfig shape, int time) {
    return 3 * forward(shape, time);
  }

  /** The embedding counts once: looking up a row multiplies nothing, the head does. */
  private static long matrixParameters(DecoderConfig shape) {
    return shape.embeddingParameters() + shape.layers() * shape.layerMatrixParameters();
  }

  /** Queries on keys, and weights on values, each over the whole sequence, masked or not. */
  private static double attentionScores(DecoderConfig shape, int time) {
    int width = shape.attention().heads() * shape.attention().headSize();
    return 2 * 2.0 * time * width * shape.layers();
  }
}
