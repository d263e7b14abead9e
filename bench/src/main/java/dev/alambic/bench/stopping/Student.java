package dev.alambic.bench.stopping;

import dev.alambic.decoder.DecoderConfig;
import dev.alambic.operator.plan.Gemma2;

/**
 * The shapes that are trained: a student so small that it saturates, and one four times as large.
 */
enum Student {
  SMALL(8, 1, 16),
  LARGE(16, 3, 32);

  static final int VOCABULARY = 288;
  static final int SEQUENCE = 128;

  private final int hidden;
  private final int layers;
  private final int feedForward;

  Student(int hidden, int layers, int feedForward) {
    this.hidden = hidden;
    this.layers = layers;
    this.feedForward = feedForward;
  }

  DecoderConfig shape() {
    return Gemma2.decoder(
        VOCABULARY,
        hidden,
        layers,
        Math.max(1, hidden / 16),
        1,
        16,
        feedForward,
        SEQUENCE / 2,
        SEQUENCE,
        16);
  }
}
