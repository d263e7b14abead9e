package dev.alambic.operator.observe;

import dev.alambic.api.v1alpha1.Sharding;
import dev.alambic.operator.lifecycle.ObservedState.Order;
import dev.alambic.operator.lifecycle.ObservedState.Work;
import dev.alambic.operator.lifecycle.ObservedState.WorkState;
import dev.alambic.operator.lifecycle.Problem;
import dev.alambic.operator.plan.FinishRequest;
import dev.alambic.operator.plan.Trainers;
import dev.alambic.operator.render.Labels;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The work of an indexed Job, by the Job and its pods. It runs when all its pods do. A Job starts
 * failed pods again by itself; in between the work is pending, with the exit code and the words of
 * the pod whose failure ended the attempt before.
 */
final class IndexedJobObservation {
  private static final String BACKOFF_LIMIT_EXCEEDED = "BackoffLimitExceeded";

  private final PersistentVolumeClaim checkpoints;
  private final Warnings warnings;
  private final String each;
  private final Job job;
  private final IndexedPods pods;

  private IndexedJobObservation(
      IndexedJob seen, PersistentVolumeClaim checkpoints, Warnings warnings, String each) {
    this.checkpoints = checkpoints;
    this.warnings = warnings;
    this.each = each;
    this.job = seen.job();
    this.pods = seen.byIndex();
  }

  /**
   * The work of a Job; of none, that of pods that outlive it.
   *
   * @param checkpoints the claim that its pods wait for, or null
   * @param each what one of several pods is called
   */
  static Work of(
      IndexedJob seen, PersistentVolumeClaim checkpoints, Warnings warnings, String each) {
    return new IndexedJobObservation(seen, checkpoints, warnings, each).work();
  }

  private Work work() {
    if (job == null) {
      // Pods that outlive their Job still write to the volume: nothing may start beside them.
      return pods.all().stream().anyMatch(Pods::alive) ? state(WorkState.Running) : Work.absent();
    }
    if (job.getMetadata().getDeletionTimestamp() != null) {
      return state(WorkState.Running);
    }
    if (condition("Complete").isPresent()) {
      return ended(WorkState.Succeeded);
    }
    Optional<Integer> result = Lingering.result(job, pods);
    if (result.isPresent()) {
      return ended(result.get() == 0 ? WorkState.Succeeded : WorkState.Failed);
    }
    return condition("Failed").isPresent() ? ended(WorkState.Failed) : unfinished();
  }

  private Work unfinished() {
    List<Pod> present = pods.present();
    if (!present.stream().allMatch(Pods::runs)) {
      return startsAgain(present);
    }
    if (present.size() == pods.count()) {
      return state(WorkState.Running);
    }
    // A pod that is not there but may be made, of work that ran, is replaced in a moment.
    Optional<Problem> refusal = refusal();
    return present.isEmpty() || refusal.isPresent()
        ? pending(refusal.orElse(null), Optional.empty(), madeAt(present))
        : state(WorkState.Running);
  }

  /** Some pods wait, or have failed: of these the next is made, and the others leave. */
  private Work startsAgain(List<Pod> present) {
    List<Pod> waiting =
        present.stream().filter(pod -> !Pods.failed(pod) && !Pods.runs(pod)).toList();
    Optional<Problem> problem =
        waiting.isEmpty()
            ? Optional.empty()
            : ClaimProblem.of(checkpoints, warnings)
                .or(() -> firstProblem(waiting))
                .or(() -> present.size() < pods.count() ? refusal() : Optional.empty());
    Instant since =
        waiting.isEmpty()
            ? endedAt(present)
            : waiting.stream().map(Pods::created).min(Comparator.naturalOrder()).orElseThrow();
    return pending(problem.orElse(null), pods.cause(), since);
  }

  private Optional<Problem> firstProblem(List<Pod> waiting) {
    return waiting.stream()
        .flatMap(pod -> PodProblem.of(pod, warnings).map(problem -> of(pod, problem)).stream())
        .findFirst();
  }

  /** The problem of one of several, with its rank. */
  private Problem of(Pod pod, Problem problem) {
    return pods.count() == 1
        ? problem
        : new Problem(
            problem.reason(),
            "%s %d of %d: %s"
                .formatted(each, IndexedPods.index(pod), pods.count(), problem.message()),
            problem.fatal(),
            problem.from());
  }

  /** That it is unknown whether one of its pods still runs: now, else soon. */
  private Optional<Problem> lost(Function<Pod, Optional<Problem>> when) {
    return pods.all().stream()
        .flatMap(pod -> when.apply(pod).map(problem -> of(pod, problem)).stream())
        .findFirst();
  }

  /** Why a pod could not be made. */
  private Optional<Problem> refusal() {
    return warnings.latest(job).map(words -> Problem.of("FailedCreate", named(words)));
  }

  private Work ended(WorkState state) {
    Optional<Pod> last = pods.cause().or(() -> Pods.newest(pods.all()));
    String message =
        last.map(this::words)
            .or(() -> condition("Failed").map(JobCondition::getMessage))
            .orElse(null);
    return new Work(
        state,
        null,
        state == WorkState.Succeeded
            ? Integer.valueOf(0)
            : exitCode(last).or(() -> Lingering.recorded(job)).orElse(null),
        state == WorkState.Succeeded ? null : message,
        failures(),
        endedAt(pods.present()),
        order(),
        null);
  }

  private Work state(WorkState state) {
    Problem problem = lost(LostPod::now).or(() -> lost(LostPod::later)).orElse(null);
    return new Work(state, problem, null, null, failures(), null, order(), null);
  }

  private Work pending(Problem problem, Optional<Pod> before, Instant since) {
    return new Work(
        WorkState.Pending,
        lost(LostPod::now)
            .or(() -> Optional.ofNullable(problem))
            .or(() -> lost(LostPod::later))
            .orElse(null),
        exitCode(before).orElse(null),
        before.map(this::words).orElse(null),
        failures(),
        null,
        order(),
        since);
  }

  private static Optional<Integer> exitCode(Optional<Pod> pod) {
    return pod.flatMap(Pods::end).map(ContainerStateTerminated::getExitCode);
  }

  private String words(Pod pod) {
    return Pods.end(pod)
        .map(end -> TerminationMessage.of(pod, end))
        .or(() -> PodProblem.of(pod, warnings).map(Problem::words))
        .orElse("pod " + pod.getMetadata().getName() + " was lost");
  }

  /** When the last of them failed, or ended. */
  private Instant endedAt(List<Pod> present) {
    return present.stream()
        .filter(pod -> Pods.failed(pod) || Pods.succeeded(pod))
        .map(Pods::ended)
        .max(Comparator.naturalOrder())
        .orElse(created());
  }

  /** When the last of them was made. */
  private Instant madeAt(List<Pod> present) {
    return present.stream().map(Pods::created).max(Comparator.naturalOrder()).orElse(created());
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
    Map<String, String> said = job.getMetadata().getAnnotations();
    String tokens = said.get(Labels.TOKEN_BUDGET);
    return tokens == null
        ? null
        : new Order(Long.parseLong(tokens), FinishRequest.isIn(job.getMetadata()), trainers(said));
  }

  private static Trainers trainers(Map<String, String> said) {
    return new Trainers(
        Integer.parseInt(said.getOrDefault(Labels.TRAINERS, "1")),
        Integer.parseInt(said.getOrDefault(Labels.TRAINERS_PER_POD, "1")),
        Sharding.valueOf(said.getOrDefault(Labels.SHARDING, Sharding.None.name())));
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
