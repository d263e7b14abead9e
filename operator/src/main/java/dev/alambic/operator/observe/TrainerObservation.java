package dev.alambic.operator.observe;

import dev.alambic.operator.lifecycle.Observed.Order;
import dev.alambic.operator.lifecycle.Observed.Trainer;
import dev.alambic.operator.lifecycle.Observed.TrainerState;
import dev.alambic.operator.lifecycle.Problem;
import dev.alambic.operator.plan.FinishRequest;
import dev.alambic.operator.render.Labels;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The trainer, by its Job and pods. A Job starts failed pods again by itself; in between the
 * trainer is pending, with the exit code and the words of the attempt before.
 */
final class TrainerObservation {
  private static final String BACKOFF_LIMIT_EXCEEDED = "BackoffLimitExceeded";

  private final Seen seen;
  private final Warnings warnings;
  private final Job job;
  private final Optional<Pod> newest;

  private TrainerObservation(Seen seen, Warnings warnings) {
    this.seen = seen;
    this.warnings = warnings;
    this.job = seen.trainer();
    this.newest = Pods.newest(seen.trainerPods());
  }

  static Trainer of(Seen seen, Warnings warnings) {
    return new TrainerObservation(seen, warnings).trainer();
  }

  private Trainer trainer() {
    if (job == null) {
      // Pods that outlive their Job still write to the volume: nothing may start beside them.
      return seen.trainerPods().stream().anyMatch(Pods::alive)
          ? state(TrainerState.Running)
          : Trainer.absent();
    }
    if (job.getMetadata().getDeletionTimestamp() != null) {
      return state(TrainerState.Running);
    }
    if (condition("Complete").isPresent()) {
      return ended(TrainerState.Succeeded);
    }
    return condition("Failed").isPresent() ? ended(TrainerState.Failed) : unfinished();
  }

  private Trainer unfinished() {
    if (newest.isEmpty()) {
      Problem refusal =
          warnings.latest(job).map(words -> Problem.of("FailedCreate", named(words))).orElse(null);
      return pending(refusal, null, null, created());
    }
    Pod pod = newest.get();
    return switch (Pods.phase(pod)) {
      case "Running", "Succeeded" -> state(TrainerState.Running);
      case "Failed" -> startsAgain(pod);
      default -> waits(pod);
    };
  }

  private Trainer startsAgain(Pod pod) {
    Optional<ContainerStateTerminated> end = Pods.end(pod);
    return pending(
        null,
        end.map(ContainerStateTerminated::getExitCode).orElse(null),
        words(pod),
        endedAt(pod));
  }

  private Trainer waits(Pod pod) {
    Problem problem =
        ClaimProblem.of(seen.checkpoints(), warnings)
            .or(() -> PodProblem.of(pod, warnings))
            .orElse(null);
    Optional<Pod> before =
        Pods.newest(seen.trainerPods().stream().filter(p -> !p.equals(pod)).toList());
    Optional<ContainerStateTerminated> end = before.flatMap(Pods::end);
    return pending(
        problem,
        end.map(ContainerStateTerminated::getExitCode).orElse(null),
        before.map(this::words).orElse(null),
        Pods.created(pod));
  }

  private Trainer ended(TrainerState state) {
    Optional<ContainerStateTerminated> end = newest.flatMap(Pods::end);
    String message =
        newest
            .map(this::words)
            .or(() -> condition("Failed").map(JobCondition::getMessage))
            .orElse(null);
    return new Trainer(
        state,
        null,
        state == TrainerState.Succeeded
            ? Integer.valueOf(0)
            : end.map(ContainerStateTerminated::getExitCode).orElse(null),
        state == TrainerState.Succeeded ? null : message,
        failures(),
        newest.map(this::endedAt).orElse(created()),
        order(),
        null);
  }

  private Trainer state(TrainerState state) {
    return new Trainer(state, null, null, null, failures(), null, order(), null);
  }

  private Trainer pending(Problem problem, Integer exitCode, String message, Instant since) {
    return new Trainer(
        TrainerState.Pending, problem, exitCode, message, failures(), null, order(), since);
  }

  private String words(Pod pod) {
    return Pods.end(pod)
        .map(end -> Words.of(pod, end))
        .or(() -> PodProblem.of(pod, warnings).map(Problem::words))
        .orElse("pod " + pod.getMetadata().getName() + " was lost");
  }

  private Instant endedAt(Pod pod) {
    return Pods.end(pod)
        .map(ContainerStateTerminated::getFinishedAt)
        .map(Instant::parse)
        .orElse(Pods.created(pod));
  }

  /** The Job counts what its podFailurePolicy does not ignore. */
  private int failures() {
    if (job == null || job.getStatus() == null) {
      return 0;
    }
    int counted = Objects.requireNonNullElse(job.getStatus().getFailed(), 0);
    Integer limit = job.getSpec().getBackoffLimit();
    boolean exceeded =
        condition("Failed").filter(c -> BACKOFF_LIMIT_EXCEEDED.equals(c.getReason())).isPresent();
    return exceeded && limit != null ? Math.max(counted, limit + 1) : counted;
  }

  private Order order() {
    if (job == null || job.getMetadata().getAnnotations() == null) {
      return null;
    }
    String tokens = job.getMetadata().getAnnotations().get(Labels.TOKEN_BUDGET);
    return tokens == null
        ? null
        : new Order(Long.parseLong(tokens), FinishRequest.isIn(job.getMetadata()));
  }

  private Instant created() {
    String time = job.getMetadata().getCreationTimestamp();
    return time == null ? null : Instant.parse(time);
  }

  private String named(String words) {
    return "job " + job.getMetadata().getName() + ": " + words;
  }

  private Optional<JobCondition> condition(String type) {
    return job.getStatus() == null
        ? Optional.empty()
        : job.getStatus().getConditions().stream()
            .filter(c -> type.equals(c.getType()) && "True".equals(c.getStatus()))
            .findFirst();
  }
}
