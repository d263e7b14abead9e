package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.api.v1alpha1.Phase;

/** The conditions in one word, for people. */
final class PhaseSummary {
  private PhaseSummary() {}

  static Phase of(Conditions conditions) {
    if (conditions.holds(ConditionType.Complete)) {
      return Phase.Complete;
    }
    if (conditions.holds(ConditionType.Failed)) {
      return Phase.Failed;
    }
    if (conditions.holds(ConditionType.Suspended)) {
      return conditions.has(ConditionType.Suspended, Reason.Suspended)
          ? Phase.Suspended
          : Phase.Queued;
    }
    if (conditions.holds(ConditionType.Training)
        || conditions.has(ConditionType.Training, Reason.Finishing)) {
      return Phase.Training;
    }
    if (conditions.has(ConditionType.TeacherReady, Reason.FillingCache)) {
      return Phase.Filling;
    }
    boolean waits =
        !conditions.holds(ConditionType.Accepted)
            || conditions.has(ConditionType.TeacherReady, Reason.TeacherBlocked)
            || conditions.has(ConditionType.Training, Reason.TrainerBlocked)
            || conditions.has(ConditionType.Training, Reason.NodeLost);
    return waits ? Phase.Pending : Phase.Starting;
  }
}
