package dev.alambic.operator.lifecycle;

import java.time.Duration;
import java.util.Optional;

/** A job may run for {@code activeDeadlineSeconds}; time in which it was held does not count. */
final class DeadlinePolicy {
  private DeadlinePolicy() {}

  /** The end, if the time is over. */
  static Optional<JobState> exceeded(DecisionInput input) {
    return left(input)
        .filter(left -> left.isZero() || left.isNegative())
        .map(
            left ->
                new JobState.Ended(
                    false,
                    Reason.DeadlineExceeded,
                    "Ran for the "
                        + input.spec().activeDeadlineSeconds()
                        + " s of spec.activeDeadlineSeconds"));
  }

  /** Time left; empty without a deadline or a start. */
  static Optional<Duration> left(DecisionInput input) {
    Long seconds = input.spec().activeDeadlineSeconds();
    if (seconds == null) {
      return Optional.empty();
    }
    return RunningTime.start(input)
        .map(start -> Duration.ofSeconds(seconds).minus(Duration.between(start, input.now())));
  }
}
