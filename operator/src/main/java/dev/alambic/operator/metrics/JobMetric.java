package dev.alambic.operator.metrics;

import dev.alambic.api.v1alpha1.DistillationJob;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A metric of which each job has a few series, a fixed number at most.
 *
 * @param name without the suffix of its type
 * @param points of one job: none for what is not known of it
 */
record JobMetric(
    String name, String help, Type type, Function<DistillationJob, Stream<Point>> points) {

  /** How Prometheus reads it. */
  enum Type {
    Counter,
    Gauge,
    Info
  }

  /**
   * A value.
   *
   * @param labels beside the job's identity
   */
  record Point(double value, Labels labels) {
    static Stream<Point> of(Double value) {
      return of(value, Labels.EMPTY);
    }

    static Stream<Point> of(Double value, Labels labels) {
      return value == null || value.isNaN() ? Stream.empty() : Stream.of(new Point(value, labels));
    }

    /** Of a set of states only the one that holds has a series. */
    static Stream<Point> state(String label, Enum<?> state) {
      return state == null ? Stream.empty() : of(1.0, Labels.of(label, state.name()));
    }
  }

  /** The metric of all jobs. */
  MetricSnapshot of(List<DistillationJob> jobs) {
    MetricMetadata metadata = new MetricMetadata(name, help);
    return switch (type) {
      case Counter ->
          new CounterSnapshot(
              metadata,
              each(jobs, (labels, v) -> new CounterDataPointSnapshot(v, labels, null, 0)));
      case Gauge ->
          new GaugeSnapshot(
              metadata, each(jobs, (labels, v) -> new GaugeDataPointSnapshot(v, labels, null)));
      case Info ->
          new InfoSnapshot(metadata, each(jobs, (labels, v) -> new InfoDataPointSnapshot(labels)));
    };
  }

  private interface Snapshot<T> {
    T of(Labels labels, double value);
  }

  private <T> List<T> each(List<DistillationJob> jobs, Snapshot<T> snapshot) {
    return jobs.stream()
        .flatMap(
            job ->
                points
                    .apply(job)
                    .map(point -> snapshot.of(identity(job).merge(point.labels), point.value)))
        .toList();
  }

  /** Not namespace and job: those are the operator's own, by which Prometheus found it. */
  private static Labels identity(DistillationJob job) {
    return Labels.of(
        "job_namespace", job.getMetadata().getNamespace(), "job_name", job.getMetadata().getName());
  }
}
