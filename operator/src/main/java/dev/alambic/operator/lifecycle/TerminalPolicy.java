package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.ConditionType;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.Optional;

/** Terminal is terminal: what the conditions once said of the end stays true. */
final class TerminalPolicy {
  private TerminalPolicy() {}

  /** The end that the status before tells of; empty if the job had not ended. */
  static Optional<Standing> remembered(Situation situation) {
    return remembered(situation, ConditionType.Complete)
        .or(() -> remembered(situation, ConditionType.Failed));
  }

  private static Optional<Standing> remembered(Situation situation, ConditionType type) {
    return situation.before().holds(type)
        ? situation.before().get(type).map(condition -> ended(type, condition))
        : Optional.empty();
  }

  private static Standing ended(ConditionType type, Condition condition) {
    boolean complete = type == ConditionType.Complete;
    Reason unknown = complete ? Reason.BudgetSpent : Reason.TrainerFailed;
    return new Standing.Ended(
        complete, Reason.named(condition.getReason(), unknown), condition.getMessage());
  }
}
