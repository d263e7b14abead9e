package dev.alambic.bench.distil;

import dev.alambic.decoder.DecoderConfig;
import dev.alambic.operator.plan.Gemma2;

/** The shapes that are compared: one student, and teachers of its size and of nine times that. */
final class Models {
  static final int VOCABULARY = 512;
  static final int SEQUENCE = 128;
  static final String STUDENT = "student";
  static final String SMALL = "small";
  static final String LARGE = "large";

  private Models() {}

  /** The shape of a model by its name. */
  static DecoderConfig shape(String name) {
    return switch (name) {
      case STUDENT, SMALL -> shape(32, 2, 2, 1, 16, 48);
      case LARGE -> shape(96, 3, 4, 2, 24, 160);
      default -> throw new IllegalArgumentException("no model named " + name);
    };
  }

  private static DecoderConfig shape(
      int hidden, int layers, int heads, int keyValueHeads, int headSize, int feedForward) {
    int window = SEQUENCE / 2;
    return Gemma2.decoder(
        VOCABULARY,
        hidden,
        layers,
        heads,
        keyValueHeads,
        headSize,
        feedForward,
        window,
        SEQUENCE,
        headSize);
  }
}
