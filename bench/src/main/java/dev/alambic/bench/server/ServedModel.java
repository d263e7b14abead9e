package dev.alambic.bench.server;

import dev.alambic.decoder.DecoderConfig;
import dev.alambic.operator.plan.Gemma2;
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
        new ServedModel(shape(2048, 64, 3, 4, 16, 160), 16, 4),
        new ServedModel(shape(2048, 224, 4, 4, 56, 576), 12, 2),
        new ServedModel(shape(8192, 512, 5, 8, 64, 1536), 6, 1),
        new ServedModel(shape(16_384, 768, 12, 12, 64, 2304), 3, 1));
  }

  private static DecoderConfig shape(
      int vocabulary, int hidden, int layers, int heads, int headSize, int feedForward) {
    return Gemma2.decoder(
        vocabulary,
        hidden,
        layers,
        heads,
        heads / 2,
        headSize,
        feedForward,
        POSITIONS,
        POSITIONS,
        headSize);
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
