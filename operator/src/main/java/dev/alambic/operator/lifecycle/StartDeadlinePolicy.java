package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.operator.lifecycle.Observed.WorkState;
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
  static Optional<Standing> exceeded(Situation situation, Blocked blocked) {
    return left(situation, blocked)
        .filter(left -> left.isZero() || left.isNegative())
        .map(
            left ->
                new Standing.Ended(
                    false,
                    Reason.StartDeadlineExceeded,
                    "Waited for the %d s of spec.startDeadlineSeconds for a %s"
                        .formatted(limitSeconds(situation), awaited(situation, blocked))));
  }

  /** Time left; empty if nothing is waited for. */
  static Optional<Duration> left(Situation situation, Blocked blocked) {
    Duration limit = Duration.ofSeconds(limitSeconds(situation));
    return waitingSince(situation, blocked)
        .map(since -> limit.minus(Duration.between(since, situation.now())));
  }

  private static long limitSeconds(Situation situation) {
    return Objects.requireNonNullElse(
        situation.spec().startDeadlineSeconds(),
        DistillationJobSpec.DEFAULT_START_DEADLINE_SECONDS);
  }

  private static Optional<Instant> waitingSince(Situation situation, Blocked blocked) {
    Observed.Work trainer = situation.observed().trainer();
    if (HoldPolicy.holds(situation) || situation.planned().isEmpty()) {
      return Optional.empty();
    }
    if (TrainerPolicy.mayStart(situation)) {
      return pendingSince(situation, trainer, blocked.trainer());
    }
    if (situation.offline()) {
      return pendingSince(situation, situation.observed().fill().work(), blocked.fill());
    }
    return trainer.state() == WorkState.Running
        ? Optional.empty()
        : latest(
            Stream.of(
                RunningTime.start(situation),
                notSince(situation, ConditionType.TeacherReady),
                resumed(situation)));
  }

  /** One that cannot be made waits like one that cannot run. */
  private static Optional<Instant> pendingSince(
      Situation situation, Observed.Work work, Problem refusal) {
    return work.state() == WorkState.Pending || refusal != null
        ? latest(Stream.of(Optional.ofNullable(work.pendingSince()), resumed(situation)))
        : Optional.empty();
  }

  /** Time in which the job was held, or complete before its budget grew, is not a wait. */
  private static Optional<Instant> resumed(Situation situation) {
    return latest(
        Stream.of(
            notSince(situation, ConditionType.Suspended),
            notSince(situation, ConditionType.Complete)));
  }

  /** Since when a condition has not been true; now, if it was until now. */
  private static Optional<Instant> notSince(Situation situation, ConditionType type) {
    return situation.before().holds(type)
        ? Optional.of(situation.now())
        : situation.before().since(type);
  }

  private static Optional<Instant> latest(Stream<Optional<Instant>> times) {
    return times.flatMap(Optional::stream).max(Instant::compareTo);
  }

  private static String awaited(Situation situation, Blocked blocked) {
    Observed observed = situation.observed();
    if (TrainerPolicy.mayStart(situation)) {
      return awaited("trainer that runs", blocked.trainer(), observed.trainer().problem());
    }
    return situation.offline()
        ? awaited("teacher that runs", blocked.fill(), observed.fill().work().problem())
        : awaited("teacher that answers", blocked.teacher(), observed.teacher().problem());
  }

  private static String awaited(String what, Problem refusal, Problem observed) {
    Problem problem = refusal == null ? observed : refusal;
    return what + (problem == null ? "" : "; last: " + problem.words());
  }
}
