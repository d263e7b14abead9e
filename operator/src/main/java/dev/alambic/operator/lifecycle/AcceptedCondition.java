package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.api.v1alpha1.Count;
import dev.alambic.operator.plan.PlanResult;
import dev.alambic.operator.plan.RunPlan;

/** Whether a run can be made of the spec. */
final class AcceptedCondition {
  private AcceptedCondition() {}

  static Claim of(Situation situation, Standing standing) {
    if (situation.plan() instanceof PlanResult.Refused refused
        && !(standing instanceof Standing.Ended)) {
      return Claim.of(
          ConditionType.Accepted, false, Reason.InvalidSpec, String.join("; ", refused.problems()));
    }
    return Claim.of(
        ConditionType.Accepted,
        true,
        Reason.PlanMade,
        situation.planned().map(AcceptedCondition::words).orElse("A plan was made"));
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
