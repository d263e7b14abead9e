package dev.alambic.teacher;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** What a teacher shows to monitoring. */
final class TeacherMetrics {
  private final DistributionSummary batchTokens;
  private final Counter tokens;
  private final Counter refused;
  private final Counter failedBatches;
  private final Counter signalBytes;
  private final Timer engine;

  TeacherMetrics(MeterRegistry registry, ScoreQueue queue) {
    Gauge.builder("alambic.teacher.queue.requests", queue, ScoreQueue::requests)
        .description("Requests that wait for the engine")
        .register(registry);
    Gauge.builder("alambic.teacher.queue.tokens", queue, ScoreQueue::tokens)
        .description("Tokens that wait for the engine")
        .register(registry);
    batchTokens =
        DistributionSummary.builder("alambic.teacher.batch.tokens")
            .description("Tokens per batch")
            .register(registry);
    tokens =
        Counter.builder("alambic.teacher.tokens").description("Tokens scored").register(registry);
    refused =
        Counter.builder("alambic.teacher.refused.requests")
            .description("Requests refused because the queue was full")
            .register(registry);
    failedBatches =
        Counter.builder("alambic.teacher.failed.batches")
            .description("Batches that the engine failed on")
            .register(registry);
    signalBytes =
        Counter.builder("alambic.teacher.signal.bytes")
            .description("Bytes of signals sent")
            .register(registry);
    engine =
        Timer.builder("alambic.teacher.engine")
            .description("Time in the engine per batch")
            .register(registry);
  }

  void scored(int batchOfTokens, Duration time) {
    batchTokens.record(batchOfTokens);
    tokens.increment(batchOfTokens);
    engine.record(time);
  }

  void sent(long bytesOfSignals) {
    signalBytes.increment((double) bytesOfSignals);
  }

  void failed() {
    failedBatches.increment();
  }

  void refused() {
    refused.increment();
  }
}
