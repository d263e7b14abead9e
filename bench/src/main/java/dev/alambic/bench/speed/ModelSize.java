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
        of(2048, 64, 3, 4, 2, 16, 160, 8),
        of(2048, 224, 4, 4, 2, 56, 576, 8),
        of(8192, 512, 5, 8, 4, 64, 1536, 4));
  }

  private static ModelSize of(
      int vocabulary,
      int hidden,
      int layers,
      int heads,
      int keyValueHeads,
      int headSize,
      int feedForward,
      int batch) {
    return new ModelSize(
        Gemma2.decoder(
            vocabulary,
            hidden,
            layers,
            heads,
            keyValueHeads,
            headSize,
            feedForward,
            SEQUENCE,
            SEQUENCE,
            headSize),
        batch);
  }

  /** Tokens of a step. */
  int tokens() {
    return batch * SEQUENCE;
  }
}
