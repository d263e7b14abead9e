package dev.alambic.operator.observe;

import dev.alambic.api.v1alpha1.Sharding;
import dev.alambic.operator.lifecycle.Observed.Order;
import dev.alambic.operator.lifecycle.Observed.Trainer;
import dev.alambic.operator.lifecycle.Observed.TrainerState;
import dev.alambic.operator.lifecycle.Problem;
import dev.alambic.operator.plan.FinishRequest;
import dev.alambic.operator.plan.Trainers;
import dev.alambic.operator.render.Labels;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
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
 * The trainer, by its Job and pods. It runs when all its pods do. A Job starts failed pods again by
 * itself; in between the trainer is pending, with the exit code and the words of the pod whose
 * failure ended the attempt before.
 */
final class TrainerObservation {
  private static final String BACKOFF_LIMIT_EXCEEDED = "BackoffLimitExceeded";

  private final Seen seen;
  private final Warnings warnings;
  private final String each;
  private final Job job;
  private final IndexedPods pods;

  private TrainerObservation(Seen seen, Warnings warnings, String each) {
    this.seen = seen;
    this.warnings = warnings;
    this.each = each;
    this.job = seen.trainer();
    this.pods = pods(seen);
  }

  static Trainer of(Seen seen, Warnings warnings) {
    return of(seen, warnings, "trainer");
  }

  /**
   * What is there of a Job.
   *
   * @param each what one of several pods is called
   */
  static Trainer of(Seen seen, Warnings warnings, String each) {
    return new TrainerObservation(seen, warnings, each).trainer();
  }

  /** The trainer's pods by their ranks. */
  static IndexedPods pods(Seen seen) {
    Integer completions = seen.trainer() == null ? null : seen.trainer().getSpec().getCompletions();
    return new IndexedPods(
        Objects.requireNonNullElse(completions, 1),
        seen.trainerPods().stream().filter(pod -> Pods.alive(pod) || isOf(seen, pod)).toList());
  }

  /** Not what a Job of the same name left, which was deleted since. */
  private static boolean isOf(Seen seen, Pod pod) {
    return seen.trainer() == null
        || pod.getMetadata().getOwnerReferences().stream()
            .filter(owner -> Boolean.TRUE.equals(owner.getController()))
            .allMatch(owner -> owner.getUid().equals(seen.trainer().getMetadata().getUid()));
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
    Optional<Integer> result = Lingering.result(job, pods);
    if (result.isPresent()) {
      return ended(result.get() == 0 ? TrainerState.Succeeded : TrainerState.Failed);
    }
    return condition("Failed").isPresent() ? ended(TrainerState.Failed) : unfinished();
  }

  private Trainer unfinished() {
    List<Pod> present = pods.present();
    if (!present.stream().allMatch(Pods::runs)) {
      return startsAgain(present);
    }
    if (present.size() == pods.count()) {
      return state(TrainerState.Running);
    }
    // A pod that is not there but may be made, of a trainer that ran, is replaced in a moment.
    Optional<Problem> refusal = refusal();
    return present.isEmpty() || refusal.isPresent()
        ? pending(refusal.orElse(null), Optional.empty(), madeAt(present))
        : state(TrainerState.Running);
  }

  /** Some pods wait, or have failed: of these the next is made, and the others leave. */
  private Trainer startsAgain(List<Pod> present) {
    List<Pod> waiting =
        present.stream().filter(pod -> !Pods.failed(pod) && !Pods.runs(pod)).toList();
    Optional<Problem> problem =
        waiting.isEmpty()
            ? Optional.empty()
            : ClaimProblem.of(seen.checkpoints(), warnings)
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

  private Trainer ended(TrainerState state) {
    Optional<Pod> last = pods.cause().or(() -> Pods.newest(pods.all()));
    String message =
        last.map(this::words)
            .or(() -> condition("Failed").map(JobCondition::getMessage))
            .orElse(null);
    return new Trainer(
        state,
        null,
        state == TrainerState.Succeeded
            ? Integer.valueOf(0)
            : exitCode(last).or(() -> Lingering.recorded(job)).orElse(null),
        state == TrainerState.Succeeded ? null : message,
        failures(),
        endedAt(pods.present()),
        order(),
        null);
  }

  private Trainer state(TrainerState state) {
    Problem problem = lost(LostPod::now).or(() -> lost(LostPod::later)).orElse(null);
    return new Trainer(state, problem, null, null, failures(), null, order(), null);
  }

  private Trainer pending(Problem problem, Optional<Pod> before, Instant since) {
    return new Trainer(
        TrainerState.Pending,
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
        .map(end -> Words.of(pod, end))
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
