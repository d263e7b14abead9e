package dev.alambic.bench.distil;

import dev.alambic.decoder.DecoderConfig;
import dev.alambic.operator.plan.Gemma2;

/** The shapes that are compared: one student, and teachers of its size and of nine times that. */
final class Models {
  static final int VOCABULARY = 512;
  static final int SEQUENCE = 128;

  /** Sequences of an optimizer step. */
  static final int BATCH = 8;

  /** Tokens of an optimizer step. */
  static final long STEP = (long) BATCH * SEQUENCE;

  static final String STUDENT = "student";
  static final String SMALL = "small";
  static final String LARGE = "large";

  private Models() {}

  /** The shape of a model by its name. */
  static DecoderConfig shape(String name) {
    int window = SEQUENCE / 2;
    return switch (name) {
      case STUDENT, SMALL -> Gemma2.decoder(VOCABULARY, 32, 2, 2, 1, 16, 48, window, SEQUENCE, 16);
      case LARGE -> Gemma2.decoder(VOCABULARY, 96, 3, 4, 2, 24, 160, window, SEQUENCE, 24);
      default -> throw new IllegalArgumentException("no model named " + name);
    };
  }
}
