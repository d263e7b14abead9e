package dev.alambic.operator.lifecycle;

import java.util.Optional;

/** A job runs unless the user or a queue holds it. */
final class HoldPolicy {
  private HoldPolicy() {}

  /** Whether the user or a queue holds the job. */
  static boolean holds(Situation situation) {
    return situation.suspended() || QueuePolicy.waits(situation);
  }

  /** The hold, if there is one. */
  static Optional<Standing> held(Situation situation) {
    return situation.suspended()
        ? Optional.of(
            new Standing.Held(
                Reason.Suspended, "spec.suspend is true; the job continues when it is false"))
        : QueuePolicy.held(situation);
  }
}
