package dev.alambic.progress;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.LongSupplier;

/** What one shard of a fill shows to monitoring. */
public final class FillMetrics {
  private FillMetrics() {}

  /**
   * Registers the meters of a shard.
   *
   * @param sequences of the shard
   * @param done those of them that the signal cache has
   */
  public static void bind(MeterRegistry registry, LongSupplier sequences, LongSupplier done) {
    Gauge.builder("alambic.fill.sequences", sequences::getAsLong)
        .description("Sequences of this shard")
        .register(registry);
    Gauge.builder("alambic.fill.sequences.done", done::getAsLong)
        .description("Sequences of this shard that the signal cache has")
        .register(registry);
  }
}
