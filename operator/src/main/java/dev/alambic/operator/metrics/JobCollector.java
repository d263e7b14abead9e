package dev.alambic.operator.metrics;

import dev.alambic.api.v1alpha1.DistillationJob;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.function.Supplier;

/**
 * The jobs as they are when Prometheus asks: nothing is kept, so that a job's series end with it.
 */
final class JobCollector implements MultiCollector {
  private final Supplier<List<DistillationJob>> jobs;

  JobCollector(Supplier<List<DistillationJob>> jobs) {
    this.jobs = jobs;
  }

  @Override
  public MetricSnapshots collect() {
    List<DistillationJob> now = jobs.get();
    return new MetricSnapshots(JobMetrics.ALL.stream().map(metric -> metric.of(now)).toList());
  }
}
