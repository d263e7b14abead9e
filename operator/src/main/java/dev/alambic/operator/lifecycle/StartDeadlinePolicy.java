package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.operator.lifecycle.ObservedState.WorkState;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A job whose pods cannot all start within {@code startDeadlineSeconds} fails, so that the pods
 * that did start don't hold GPUs for ever. It counts each wait for itself: for a teacher that
 * answers, and for a trainer that runs. A running trainer waits for nothing here: it has a patience
 * of its own. In mode Offline the wait is for the pods that fill the signal cache. A wait for quota
 * holds nothing, and does not count.
 */
final class StartDeadlinePolicy {
  private StartDeadlinePolicy() {}

  /** The end, if the time is over. */
  static Optional<JobState> exceeded(DecisionInput input, Blocked blocked) {
    return left(input, blocked)
        .filter(left -> left.isZero() || left.isNegative())
        .map(
            left ->
                new JobState.Ended(
                    false,
                    Reason.StartDeadlineExceeded,
                    "Waited for the %d s of spec.startDeadlineSeconds for a %s"
                        .formatted(limitSeconds(input), awaited(input, blocked))));
  }

  /** Time left; empty if nothing is waited for. */
  static Optional<Duration> left(DecisionInput input, Blocked blocked) {
    Duration limit = Duration.ofSeconds(limitSeconds(input));
    return waitingSince(input, blocked)
        .map(since -> limit.minus(Duration.between(since, input.now())));
  }

  private static long limitSeconds(DecisionInput input) {
    return Objects.requireNonNullElse(
        input.spec().startDeadlineSeconds(), DistillationJobSpec.DEFAULT_START_DEADLINE_SECONDS);
  }

  private static Optional<Instant> waitingSince(DecisionInput input, Blocked blocked) {
    ObservedState.Work trainer = input.observed().trainer();
    if (HoldPolicy.holds(input) || input.planned().isEmpty()) {
      return Optional.empty();
    }
    if (TrainerPolicy.mayStart(input)) {
      return pendingSince(input, trainer, blocked.trainer());
    }
    if (input.offline()) {
      return pendingSince(input, input.observed().fill().work(), blocked.fill());
    }
    return trainer.state() == WorkState.Running
        ? Optional.empty()
        : latest(
            Stream.of(
                RunningTime.start(input),
                notSince(input, ConditionType.TeacherReady),
                resumed(input)));
  }

  /** One that cannot be made waits like one that cannot run. */
  private static Optional<Instant> pendingSince(
      DecisionInput input, ObservedState.Work work, Problem refusal) {
    return work.state() == WorkState.Pending || refusal != null
        ? latest(Stream.of(Optional.ofNullable(work.pendingSince()), resumed(input)))
        : Optional.empty();
  }

  /** Time in which the job was held, or complete before its budget grew, is not a wait. */
  private static Optional<Instant> resumed(DecisionInput input) {
    return latest(
        Stream.of(
            notSince(input, ConditionType.Suspended), notSince(input, ConditionType.Complete)));
  }

  /** Since when a condition has not been true; now, if it was until now. */
  private static Optional<Instant> notSince(DecisionInput input, ConditionType type) {
    return input.before().holds(type) ? Optional.of(input.now()) : input.before().since(type);
  }

  private static Optional<Instant> latest(Stream<Optional<Instant>> times) {
    return times.flatMap(Optional::stream).max(Instant::compareTo);
  }

  private static String awaited(DecisionInput input, Blocked blocked) {
    ObservedState observed = input.observed();
    if (TrainerPolicy.mayStart(input)) {
      return awaited("trainer that runs", blocked.trainer(), observed.trainer().problem());
    }
    return input.offline()
        ? awaited("teacher that runs", blocked.fill(), observed.fill().work().problem())
        : awaited("teacher that answers", blocked.teacher(), observed.teacher().problem());
  }

  private static String awaited(String what, Problem refusal, Problem observed) {
    Problem problem = refusal == null ? observed : refusal;
    return what + (problem == null ? "" : "; last: " + problem.words());
  }
}
