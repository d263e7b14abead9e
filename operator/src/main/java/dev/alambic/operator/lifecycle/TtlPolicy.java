package dev.alambic.operator.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A job is deleted {@code ttlSecondsAfterFinished} after its end. */
final class TtlPolicy {
  private TtlPolicy() {}

  /** Time left for an ended job, zero when it is over; empty if it stays for ever. */
  static Optional<Duration> left(DecisionInput input, Instant completionTime) {
    Long seconds = input.spec().ttlSecondsAfterFinished();
    if (seconds == null) {
      return Optional.empty();
    }
    Duration left =
        Duration.ofSeconds(seconds).minus(Duration.between(completionTime, input.now()));
    return Optional.of(left.isNegative() ? Duration.ZERO : left);
  }
}
