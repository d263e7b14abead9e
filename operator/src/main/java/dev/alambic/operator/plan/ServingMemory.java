package dev.alambic.operator.plan;

import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.decoder.DecoderConfig;

/**
 * What a model that only answers takes on its device, in bytes: its weights in the precision it
 * computes in, and for one sequence the keys and values that it remembers; a sliding layer
 * remembers its window alone.
 */
public record ServingMemory(long weights, long cache) {
  private static final long KEYS_AND_VALUES = 2;

  /** For one sequence of {@code tokens} tokens. */
  public static ServingMemory of(DecoderConfig shape, Precision precision, int tokens) {
    long bytes = precision == Precision.BF16 ? 2 : 4;
    long remembered = 0;
    for (int layer = 0; layer < shape.layers(); layer++) {
      remembered +=
          shape.slides(layer) ? Math.min(tokens, shape.positions().slidingWindow()) : tokens;
    }
    long width = (long) shape.attention().keyValueHeads() * shape.attention().headSize();
    return new ServingMemory(
        bytes * shape.parameters(), KEYS_AND_VALUES * bytes * width * remembered);
  }

  /** All of it, in bytes. */
  public long total() {
    return weights + cache;
  }
}
