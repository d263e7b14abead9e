package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.api.v1alpha1.ProgressStatus;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.Optional;

/**
 * Terminal is terminal: what the conditions once said of the end stays true. But a job that spent
 * its budget continues when the budget grows: nothing else had ended it.
 */
final class TerminalPolicy {
  private static final String STAYS_ENDED =
      "; the larger budget is not taken up: make a new job, with student.initFrom the student of"
          + " this one";

  private TerminalPolicy() {}

  /** The end that the status before tells of; empty if the job had not ended. */
  static Optional<Standing> remembered(Situation situation) {
    return remembered(situation, ConditionType.Complete)
        .or(() -> remembered(situation, ConditionType.Failed));
  }

  private static Optional<Standing> remembered(Situation situation, ConditionType type) {
    return situation.before().holds(type) && !reopened(situation)
        ? situation
            .before()
            .get(type)
            .map(condition -> ended(type, condition, told(situation, condition)))
        : Optional.empty();
  }

  /** Whether the job is complete for a budget that has grown since, over the tokens trained on. */
  static boolean reopened(Situation situation) {
    return situation.before().holds(ConditionType.Complete)
        && situation.before().has(ConditionType.Complete, Reason.BudgetSpent)
        && grown(situation);
  }

  /** By more than the last batch took anyway. */
  private static boolean grown(Situation situation) {
    ProgressStatus progress = situation.previous().progress();
    return asksForMore(situation)
        && progress.tokens() != null
        && situation.asksForMoreThan(progress.tokens());
  }

  /** Whether the budget is larger than the one that the status tells of. */
  private static boolean asksForMore(Situation situation) {
    ProgressStatus progress = situation.previous().progress();
    return progress != null
        && progress.tokenBudget() != null
        && situation.asksForMoreThan(progress.tokenBudget());
  }

  /** One that was ended early was to be ended. */
  private static String told(Situation situation, Condition condition) {
    String message = condition.getMessage();
    boolean early = situation.before().holds(ConditionType.Complete) && asksForMore(situation);
    return early && !message.endsWith(STAYS_ENDED) ? message + STAYS_ENDED : message;
  }

  private static Standing ended(ConditionType type, Condition condition, String message) {
    boolean complete = type == ConditionType.Complete;
    Reason unknown = complete ? Reason.BudgetSpent : Reason.TrainerFailed;
    return new Standing.Ended(complete, Reason.named(condition.getReason(), unknown), message);
  }
}
