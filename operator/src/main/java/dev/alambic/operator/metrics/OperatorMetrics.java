package dev.alambic.operator.metrics;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.api.v1alpha1.DistillationJobStatus;
import dev.alambic.operator.lifecycle.Event;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** The operator's metrics. */
public final class OperatorMetrics implements AutoCloseable {
  private static final Duration[] WAITS = {
    Duration.ofSeconds(10),
    Duration.ofSeconds(30),
    Duration.ofMinutes(1),
    Duration.ofMinutes(2),
    Duration.ofMinutes(5),
    Duration.ofMinutes(10),
    Duration.ofMinutes(30),
    Duration.ofHours(1),
    Duration.ofHours(6),
    Duration.ofDays(1)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final AtomicBoolean leading = new AtomicBoolean();
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final Timer firstStep =
      Timer.builder("alambic.job.first.step")
          .description("Time from the making of a job to its first step, queues included")
          .serviceLevelObjectives(WAITS)
          .register(registry);

  /** Metrics of a process that has just started. */
  public OperatorMetrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
    Gauge.builder("alambic.operator.leading", () -> leading.get() ? 1 : 0)
        .description("Whether this replica reconciles: of several, one does")
        .register(registry);
  }

  /** The framework's own metrics of reconciling. */
  public Metrics reconciling() {
    return MicrometerMetrics.withoutPerResourceMetrics(registry);
  }

  /** Counts requests to the API server. */
  public Interceptor apiRequests() {
    return new ApiRequests(registry);
  }

  /** This replica reconciles from now on. */
  public void lead() {
    leading.set(true);
  }

  /**
   * Shows jobs, while this replica leads: those that wait know them too, and a job that is shown
   * twice is counted twice.
   *
   * @param jobs asked at each scrape; from a cache
   */
  public void show(Supplier<List<DistillationJob>> jobs) {
    registry
        .getPrometheusRegistry()
        .register(new JobCollector(() -> leading.get() ? jobs.get() : List.of()));
  }

  /** Counts an event that was published for a job. */
  public void count(Event event) {
    Counter.builder("alambic.events")
        .description("Events of jobs")
        .tag("type", event.type().name())
        .tag("reason", event.reason())
        .register(registry)
        .increment();
  }

  /**
   * Records how long a job waited for its first step, when it has just made it.
   *
   * @param before the status that the API server has; null at first
   */
  public void changed(
      DistillationJob job, DistillationJobStatus before, DistillationJobStatus after, Instant now) {
    if (tokens(before) == 0 && tokens(after) > 0) {
      firstStep.record(
          Duration.between(Instant.parse(job.getMetadata().getCreationTimestamp()), now));
    }
  }

  private static long tokens(DistillationJobStatus status) {
    return status == null || status.progress() == null || status.progress().tokens() == null
        ? 0
        : status.progress().tokens();
  }

  /** All of it, in Prometheus' text format. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
