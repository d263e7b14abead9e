package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.ConditionType;

/** Whether the job is held, by whom, and that it no longer is. */
final class SuspendedCondition {
  private SuspendedCondition() {}

  static ConditionDraft of(DecisionInput input, JobState jobState) {
    if (jobState instanceof JobState.Held held) {
      return draft(true, held.reason(), held.message());
    }
    Quota quota = input.observed().quota();
    if (jobState instanceof JobState.Active && quota.queue() != null) {
      return draft(false, Reason.Admitted, quota.request().message());
    }
    boolean resumed =
        input.before().holds(ConditionType.Suspended)
            || input.before().has(ConditionType.Suspended, Reason.Resumed);
    return resumed && !(jobState instanceof JobState.Ended)
        ? draft(false, Reason.Resumed, "The job continues")
        : draft(false, Reason.NotSuspended, "spec.suspend is false");
  }

  private static ConditionDraft draft(boolean holds, Reason reason, String message) {
    return ConditionDraft.of(ConditionType.Suspended, holds, reason, message);
  }
}
