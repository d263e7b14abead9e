package dev.alambic.bench.stopping;

import dev.alambic.bench.recipe.Recipe;
import dev.alambic.decoder.DecoderConfig;

/**
 * The shapes that are trained: a student so small that it saturates, and one four times as large.
 */
enum Student {
  SMALL(8, 1, 16),
  LARGE(16, 3, 32);

  static final int VOCABULARY = 288;
  static final int SEQUENCE = 128;

  private final DecoderConfig shape;

  Student(int hidden, int layers, int wide) {
    shape = Recipe.shape(VOCABULARY, hidden, layers, 1, 1, 16, wide, SEQUENCE / 2, SEQUENCE);
  }

  DecoderConfig shape() {
    return shape;
  }
}
