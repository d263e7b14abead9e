package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.api.v1alpha1.Count;
import dev.alambic.operator.plan.PlanResult;
import dev.alambic.operator.plan.RunPlan;

/** Whether a run can be made of the spec. */
final class AcceptedCondition {
  private AcceptedCondition() {}

  static ConditionDraft of(DecisionInput input, JobState jobState) {
    if (input.plan() instanceof PlanResult.Refused refused
        && !(jobState instanceof JobState.Ended)) {
      return ConditionDraft.of(
          ConditionType.Accepted, false, Reason.InvalidSpec, String.join("; ", refused.problems()));
    }
    return ConditionDraft.of(
        ConditionType.Accepted,
        true,
        Reason.PlanMade,
        input.planned().map(AcceptedCondition::words).orElse("A plan was made"));
  }

  private static String words(RunPlan plan) {
    return "A student of "
        + Count.format(plan.architecture().parameters())
        + " parameters, "
        + plan.training().steps()
        + " steps of "
        + Count.format(plan.training().batchTokens())
        + " tokens";
  }
}
