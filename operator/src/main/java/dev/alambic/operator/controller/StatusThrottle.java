package dev.alambic.operator.controller;

import dev.alambic.api.v1alpha1.CheckpointStatus;
import dev.alambic.api.v1alpha1.DistillationJobStatus;
import dev.alambic.api.v1alpha1.ProgressStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * When a status is written: at once if the state changed, and not more than every ten seconds if
 * only numbers did, so that many jobs do not flood the API server with their progress.
 */
final class StatusThrottle {
  static final Duration INTERVAL = Duration.ofSeconds(10);

  private StatusThrottle() {}

  /**
   * How long to wait before writing.
   *
   * @param before what the API server has, or null
   * @param writtenAt when this operator last wrote it; null if it has not yet
   * @return zero: write now; null: there is nothing to write
   */
  static Duration wait(
      DistillationJobStatus before, DistillationJobStatus next, Instant writtenAt, Instant now) {
    if (next.equals(before)) {
      return null;
    }
    if (before == null || writtenAt == null || !state(before).equals(state(next))) {
      return Duration.ZERO;
    }
    Duration left = Duration.between(now, writtenAt.plus(INTERVAL));
    boolean clockWasSetBack = left.compareTo(INTERVAL) > 0;
    return left.isNegative() || clockWasSetBack ? Duration.ZERO : left;
  }

  /** Whether a write at this time no longer delays the next. */
  static boolean past(Instant writtenAt, Instant now) {
    return !now.isBefore(writtenAt.plus(INTERVAL));
  }

  /** All but the numbers of a running job; those that an event reports stay. */
  private static DistillationJobStatus state(DistillationJobStatus status) {
    return status.with(
        state ->
            state
                .conditions(Objects.requireNonNullElse(status.conditions(), List.of()))
                .progress(troubles(status.progress()))
                .loss(null)
                .saturation(null)
                .checkpoint(troubles(status.checkpoint())));
  }

  private static ProgressStatus troubles(ProgressStatus progress) {
    Long rollbacks = progress == null ? null : progress.rollbacks();
    return new ProgressStatus(null, null, null, null, null, null, null, rollbacks);
  }

  private static CheckpointStatus troubles(CheckpointStatus checkpoint) {
    return checkpoint == null
        ? new CheckpointStatus(null, null, null, null, null)
        : new CheckpointStatus(null, null, null, checkpoint.failure(), checkpoint.damaged());
  }
}
