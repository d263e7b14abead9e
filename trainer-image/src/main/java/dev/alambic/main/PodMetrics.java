package dev.alambic.main;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import dev.alambic.http.StatusServer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** What every pod of a job shows to monitoring: its process, and its GPU if it has one. */
final class PodMetrics implements AutoCloseable {
  private static final String CONTENT_TYPE = "text/plain; version=0.0.4";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  PodMetrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
    if (CudaUtils.hasCuda()) {
      bindGpuMemory();
    }
  }

  private void bindGpuMemory() {
    Gauge.builder(
            "alambic.gpu.memory.used.bytes", () -> CudaUtils.getGpuMemory(Device.gpu()).getUsed())
        .description("Memory in use on the GPU, by all that run on it")
        .register(registry);
    Gauge.builder("alambic.gpu.memory.bytes", () -> CudaUtils.getGpuMemory(Device.gpu()).getMax())
        .description("Memory of the GPU")
        .register(registry);
  }

  /** Where a command's own meters go. */
  MeterRegistry registry() {
    return registry;
  }

  /** Serves all of it at {@code /metrics}, and that the process lives at {@code /healthz}. */
  StatusServer on(StatusServer server) {
    return server
        .probe("/healthz", () -> true)
        .serve("/metrics", CONTENT_TYPE, () -> true, registry::scrape);
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
