package dev.alambic.operator.lifecycle;

import java.time.Duration;
import java.util.Optional;

/** A job may run for {@code activeDeadlineSeconds}; time in which it was held does not count. */
final class DeadlinePolicy {
  private DeadlinePolicy() {}

  /** The end, if the time is over. */
  static Optional<Standing> exceeded(Situation situation) {
    return left(situation)
        .filter(left -> left.isZero() || left.isNegative())
        .map(
            left ->
                new Standing.Ended(
                    false,
                    Reason.DeadlineExceeded,
                    "Ran for the "
                        + situation.spec().activeDeadlineSeconds()
                        + " s of spec.activeDeadlineSeconds"));
  }

  /** Time left; empty without a deadline or a start. */
  static Optional<Duration> left(Situation situation) {
    Long seconds = situation.spec().activeDeadlineSeconds();
    if (seconds == null) {
      return Optional.empty();
    }
    return RunningTime.start(situation)
        .map(start -> Duration.ofSeconds(seconds).minus(Duration.between(start, situation.now())));
  }
}
