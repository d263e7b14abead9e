package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.ConditionType;

/** Whether the job is held, by whom, and that it no longer is. */
final class SuspendedCondition {
  private SuspendedCondition() {}

  static Claim of(Situation situation, Standing standing) {
    if (standing instanceof Standing.Held held) {
      return claim(true, held.reason(), held.message());
    }
    Quota quota = situation.observed().quota();
    if (standing instanceof Standing.Active && quota.queue() != null) {
      return claim(false, Reason.Admitted, quota.request().message());
    }
    boolean resumed =
        situation.before().holds(ConditionType.Suspended)
            || situation.before().has(ConditionType.Suspended, Reason.Resumed);
    return resumed && !(standing instanceof Standing.Ended)
        ? claim(false, Reason.Resumed, "The job continues")
        : claim(false, Reason.NotSuspended, "spec.suspend is false");
  }

  private static Claim claim(boolean holds, Reason reason, String message) {
    return Claim.of(ConditionType.Suspended, holds, reason, message);
  }
}
