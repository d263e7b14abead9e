package dev.alambic.bench.server;

import dev.alambic.bench.recipe.Recipe;
import dev.alambic.decoder.DecoderConfig;
import java.util.List;

/**
 * A model that is served with random weights.
 *
 * @param requests requests of a round, all under way at once
 * @param sequences sequences of a request
 */
record ServedModel(DecoderConfig shape, int requests, int sequences) {
  /** Positions of a sequence. */
  static final int POSITIONS = 256;

  /** From a toy to a size whose vocabulary is small beside its layers, as with real teachers. */
  static List<ServedModel> all() {
    return List.of(
        new ServedModel(Recipe.shape(2048, 64, 3, 4, 2, 16, 160, POSITIONS, POSITIONS), 16, 4),
        new ServedModel(Recipe.shape(2048, 224, 4, 4, 2, 56, 576, POSITIONS, POSITIONS), 12, 2),
        new ServedModel(Recipe.shape(8192, 512, 5, 8, 4, 64, 1536, POSITIONS, POSITIONS), 6, 1),
        new ServedModel(
            Recipe.shape(16_384, 768, 12, 12, 6, 64, 2304, POSITIONS, POSITIONS), 3, 1));
  }

  /** Positions of a round. */
  int positions() {
    return requests * sequences * POSITIONS;
  }

  /** Tokens of a request: a sequence has one more than positions. */
  int requestTokens() {
    return sequences * (POSITIONS + 1);
  }
}
