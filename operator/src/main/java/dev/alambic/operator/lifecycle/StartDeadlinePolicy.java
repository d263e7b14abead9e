package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.operator.lifecycle.Observed.TrainerState;
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
  static Optional<Standing> exceeded(Situation situation) {
    return left(situation)
        .filter(left -> left.isZero() || left.isNegative())
        .map(
            left ->
                new Standing.Ended(
                    false,
                    Reason.StartDeadlineExceeded,
                    "Waited for the %d s of spec.startDeadlineSeconds for a %s"
                        .formatted(limitSeconds(situation), awaited(situation))));
  }

  /** Time left; empty if nothing is waited for. */
  static Optional<Duration> left(Situation situation) {
    Duration limit = Duration.ofSeconds(limitSeconds(situation));
    return waitingSince(situation)
        .map(since -> limit.minus(Duration.between(since, situation.now())));
  }

  private static long limitSeconds(Situation situation) {
    return Objects.requireNonNullElse(
        situation.spec().startDeadlineSeconds(),
        DistillationJobSpec.DEFAULT_START_DEADLINE_SECONDS);
  }

  private static Optional<Instant> waitingSince(Situation situation) {
    Observed.Trainer trainer = situation.observed().trainer();
    if (situation.held() || situation.planned().isEmpty()) {
      return Optional.empty();
    }
    if (situation.offline() && !situation.trainerMayStart()) {
      Observed.Trainer fill = situation.observed().fill().work();
      return fill.state() == TrainerState.Pending
          ? latest(Stream.of(Optional.ofNullable(fill.pendingSince()), resumed(situation)))
          : Optional.empty();
    }
    if (!situation.trainerMayStart()) {
      return trainer.state() == TrainerState.Running
          ? Optional.empty()
          : latest(
              Stream.of(
                  RunningTime.start(situation),
                  notSince(situation, ConditionType.TeacherReady),
                  resumed(situation)));
    }
    return trainer.state() == TrainerState.Pending
        ? latest(Stream.of(Optional.ofNullable(trainer.pendingSince()), resumed(situation)))
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

  private static String awaited(Situation situation) {
    Observed observed = situation.observed();
    boolean teacher = !situation.trainerMayStart();
    Problem problem =
        !teacher
            ? observed.trainer().problem()
            : situation.offline() ? observed.fill().work().problem() : observed.teacher().problem();
    String runs = situation.offline() ? "teacher that runs" : "teacher that answers";
    return (teacher ? runs : "trainer that runs")
        + (problem == null ? "" : "; last: " + problem.words());
  }
}
