package dev.alambic.operator.metrics;

import dev.alambic.api.v1alpha1.CheckpointStatus;
import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.api.v1alpha1.DistillationJobStatus;
import dev.alambic.api.v1alpha1.FitStatus;
import dev.alambic.api.v1alpha1.LossStatus;
import dev.alambic.api.v1alpha1.Phase;
import dev.alambic.api.v1alpha1.ProgressStatus;
import dev.alambic.api.v1alpha1.SaturationStatus;
import dev.alambic.api.v1alpha1.SignalSpec;
import dev.alambic.api.v1alpha1.TeacherStatus;
import dev.alambic.api.v1alpha1.TokenRange;
import dev.alambic.operator.metrics.JobMetric.Point;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/** The metrics of a job: the numbers of its status, so that their count is bounded. */
final class JobMetrics {
  static final List<JobMetric> ALL =
      List.of(
          new JobMetric(
              "alambic_job", "What the job is", JobMetric.Type.Info, JobMetrics::description),
          new JobMetric(
              "alambic_job_phase",
              "1 for the phase that the job is in",
              JobMetric.Type.Gauge,
              job -> Point.state("phase", phase().apply(job))),
          time(
              "created_timestamp_seconds",
              "When the job was made",
              job -> job.getMetadata().getCreationTimestamp()),
          time(
              "started_timestamp_seconds",
              "When the job first started pods",
              status(DistillationJobStatus::startTime)),
          time(
              "ended_timestamp_seconds",
              "When the job ended, complete or failed",
              status(DistillationJobStatus::completionTime)),
          new JobMetric(
              "alambic_job_tokens",
              "Tokens trained on, over all restarts",
              JobMetric.Type.Counter,
              job -> Point.of(number(progress(ProgressStatus::tokens)).apply(job))),
          gauge(
              "budget_tokens", "Tokens to train on", number(progress(ProgressStatus::tokenBudget))),
          gauge(
              "tokens_per_second",
              "Tokens trained on per second, over the last minute or so",
              decimal(progress(ProgressStatus::tokensPerSecond))),
          gauge(
              "train_loss_nats",
              "The objective on the training data, nats per token",
              decimal(loss(LossStatus::train))),
          gauge(
              "validation_loss_nats",
              "Held-out cross-entropy, or with rollouts the divergence; nats per token",
              decimal(loss(LossStatus::validation))),
          gauge(
              "divergence_nats",
              "Held-out divergence of teacher and student, nats per token",
              decimal(loss(LossStatus::divergence))),
          gauge(
              "teacher_loss_nats",
              "The teacher's own held-out cross-entropy, nats per token",
              decimal(loss(LossStatus::teacher))),
          new JobMetric(
              "alambic_job_saturation",
              "1 for the verdict on the student",
              JobMetric.Type.Gauge,
              job -> Point.state("state", saturation(SaturationStatus::state).apply(job))),
          new JobMetric(
              "alambic_job_saturation_tokens",
              "Where more tokens stop to help, by the fit: low, estimate and high",
              JobMetric.Type.Gauge,
              job -> range(saturation(SaturationStatus::saturationTokens).apply(job))),
          gauge(
              "expected_saturation_tokens",
              "Where students of this size saturate by published runs",
              number(saturation(SaturationStatus::expectedTokens))),
          gauge(
              "gain_nats",
              "What 10 % more tokens would still bring, nats per token",
              decimal(saturation(SaturationStatus::gain))),
          gauge(
              "irreducible_loss_nats",
              "The loss that no number of tokens goes below, by the fit, nats per token",
              decimal(fit(FitStatus::irreducible))),
          gauge(
              "evaluation_noise_nats",
              "Standard deviation of one evaluation, nats per token",
              decimal(fit(FitStatus::noise))),
          gauge(
              "saved_tokens",
              "Tokens of the budget that ending early saves",
              number(saturation(SaturationStatus::savedTokens))),
          gauge(
              "saved_gpu_hours",
              "GPU-hours that ending early saves",
              decimal(saturation(SaturationStatus::savedGpuHours))),
          gauge(
              "teacher_ready_replicas",
              "Teacher pods that answer",
              number(teacher(TeacherStatus::readyReplicas))),
          gauge(
              "teacher_needed_replicas",
              "Teacher pods at which the trainer would hardly wait; absent while it hardly does",
              number(teacher(TeacherStatus::neededReplicas))),
          gauge(
              "teacher_wait_ratio",
              "Share of the last minute or so that the trainer waited for the teacher",
              decimal(teacher(TeacherStatus::waitShare))),
          gauge(
              "checkpoint_tokens",
              "Tokens trained on at the newest good checkpoint",
              number(checkpoint(CheckpointStatus::tokens))),
          time(
              "checkpoint_timestamp_seconds",
              "When the newest good checkpoint was written",
              checkpoint(CheckpointStatus::time)),
          new JobMetric(
              "alambic_job_gpus",
              "GPUs that the job's pods ask for in its phase",
              JobMetric.Type.Gauge,
              JobMetrics::gpus));

  private JobMetrics() {}

  private static JobMetric gauge(
      String name, String help, Function<DistillationJob, Double> value) {
    return new JobMetric(
        "alambic_job_" + name, help, JobMetric.Type.Gauge, job -> Point.of(value.apply(job)));
  }

  private static JobMetric time(
      String name, String help, Function<DistillationJob, String> instant) {
    return gauge(
        name,
        help + ", seconds since 1970",
        instant.andThen(
            time -> time == null ? null : (double) Instant.parse(time).getEpochSecond()));
  }

  private static Stream<Point> description(DistillationJob job) {
    DistillationJobSpec spec = job.getSpec();
    SignalSpec signal = spec.signal();
    return Point.of(
        1.0,
        Labels.of(
            "stage", Objects.toString(spec.stage(), ""),
            "student", Objects.toString(spec.student().size(), ""),
            "teacher_runtime", Objects.toString(spec.teacher().runtime(), ""),
            "signal", signal == null ? "" : Objects.toString(signal.encoding(), ""),
            "mode", signal == null ? "" : Objects.toString(signal.mode(), "")));
  }

  private static Stream<Point> range(TokenRange range) {
    return range == null
        ? Stream.empty()
        : Stream.of(
                bound("low", range.low()),
                bound("estimate", range.estimate()),
                bound("high", range.high()))
            .flatMap(point -> point);
  }

  private static Stream<Point> bound(String name, Long tokens) {
    return Point.of(tokens == null ? null : tokens.doubleValue(), Labels.of("bound", name));
  }

  private static Stream<Point> gpus(DistillationJob job) {
    HeldGpus held = HeldGpus.of(job);
    return Stream.concat(
        Point.of((double) held.trainer(), Labels.of("role", "trainer")),
        Point.of((double) held.teacher(), Labels.of("role", "teacher")));
  }

  private static Function<DistillationJob, Double> number(
      Function<DistillationJob, ? extends Number> field) {
    return field.andThen(value -> value == null ? null : value.doubleValue());
  }

  /** The API has no floats, but text. */
  private static Function<DistillationJob, Double> decimal(
      Function<DistillationJob, String> field) {
    return field.andThen(text -> text == null ? null : Double.valueOf(text));
  }

  private static Function<DistillationJob, Phase> phase() {
    return status(DistillationJobStatus::phase);
  }

  private static <T> Function<DistillationJob, T> progress(Function<ProgressStatus, T> field) {
    return part(status(DistillationJobStatus::progress), field);
  }

  private static <T> Function<DistillationJob, T> loss(Function<LossStatus, T> field) {
    return part(status(DistillationJobStatus::loss), field);
  }

  private static <T> Function<DistillationJob, T> saturation(Function<SaturationStatus, T> field) {
    return part(status(DistillationJobStatus::saturation), field);
  }

  private static <T> Function<DistillationJob, T> fit(Function<FitStatus, T> field) {
    return part(saturation(SaturationStatus::fit), field);
  }

  private static <T> Function<DistillationJob, T> teacher(Function<TeacherStatus, T> field) {
    return part(status(DistillationJobStatus::teacher), field);
  }

  private static <T> Function<DistillationJob, T> checkpoint(Function<CheckpointStatus, T> field) {
    return part(status(DistillationJobStatus::checkpoint), field);
  }

  private static <T> Function<DistillationJob, T> status(Function<DistillationJobStatus, T> field) {
    return part(DistillationJob::getStatus, field);
  }

  /** A field of a part that may be missing. */
  private static <P, T> Function<DistillationJob, T> part(
      Function<DistillationJob, P> part, Function<P, T> field) {
    return part.andThen(there -> there == null ? null : field.apply(there));
  }
}
