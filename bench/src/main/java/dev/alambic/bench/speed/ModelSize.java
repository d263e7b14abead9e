package dev.alambic.bench.speed;

import dev.alambic.bench.recipe.Recipe;
import dev.alambic.decoder.DecoderConfig;
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
        new ModelSize(Recipe.shape(2048, 64, 3, 4, 2, 16, 160, SEQUENCE, SEQUENCE), 8),
        new ModelSize(Recipe.shape(2048, 224, 4, 4, 2, 56, 576, SEQUENCE, SEQUENCE), 8),
        new ModelSize(Recipe.shape(8192, 512, 5, 8, 4, 64, 1536, SEQUENCE, SEQUENCE), 4));
  }

  /** Tokens of a step. */
  int tokens() {
    return batch * SEQUENCE;
  }
}
