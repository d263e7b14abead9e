package dev.alambic.operator.lifecycle;

import java.util.Optional;

/** A job runs unless the user or a queue holds it. */
final class HoldPolicy {
  private HoldPolicy() {}

  /** Whether the user or a queue holds the job. */
  static boolean holds(DecisionInput input) {
    return input.suspended() || QueuePolicy.waits(input);
  }

  /** The hold, if there is one. */
  static Optional<JobState> held(DecisionInput input) {
    return input.suspended()
        ? Optional.of(
            new JobState.Held(
                Reason.Suspended, "spec.suspend is true; the job continues when it is false"))
        : QueuePolicy.held(input);
  }
}
