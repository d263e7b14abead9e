package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.api.v1alpha1.ProgressStatus;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.Optional;

/**
 * Terminal is terminal: an end in the conditions stays the end. But a job that spent its budget
 * continues when the budget grows: nothing else had ended it.
 */
final class TerminalPolicy {
  private static final String STAYS_ENDED =
      "; the larger budget is not taken up: make a new job, with student.initFrom the student of"
          + " this one";

  private TerminalPolicy() {}

  /** The end in the status before; empty if the job had not ended. */
  static Optional<JobState> remembered(DecisionInput input) {
    return remembered(input, ConditionType.Complete)
        .or(() -> remembered(input, ConditionType.Failed));
  }

  private static Optional<JobState> remembered(DecisionInput input, ConditionType type) {
    return input.before().holds(type) && !reopened(input)
        ? input.before().get(type).map(condition -> ended(type, condition, told(input, condition)))
        : Optional.empty();
  }

  /** Whether the job is complete for a budget that has grown since, over the tokens trained on. */
  static boolean reopened(DecisionInput input) {
    return input.before().holds(ConditionType.Complete)
        && input.before().has(ConditionType.Complete, Reason.BudgetSpent)
        && grown(input);
  }

  /** By more than the last batch took anyway. */
  private static boolean grown(DecisionInput input) {
    ProgressStatus progress = input.previous().progress();
    return asksForMore(input)
        && progress.tokens() != null
        && input.asksForMoreThan(progress.tokens());
  }

  /** Whether the budget is larger than the one in the status. */
  private static boolean asksForMore(DecisionInput input) {
    ProgressStatus progress = input.previous().progress();
    return progress != null
        && progress.tokenBudget() != null
        && input.asksForMoreThan(progress.tokenBudget());
  }

  /** One that was ended early was to be ended. */
  private static String told(DecisionInput input, Condition condition) {
    String message = condition.getMessage();
    boolean early = input.before().holds(ConditionType.Complete) && asksForMore(input);
    return early && !message.endsWith(STAYS_ENDED) ? message + STAYS_ENDED : message;
  }

  private static JobState ended(ConditionType type, Condition condition, String message) {
    boolean complete = type == ConditionType.Complete;
    Reason unknown = complete ? Reason.BudgetSpent : Reason.TrainerFailed;
    return new JobState.Ended(complete, Reason.named(condition.getReason(), unknown), message);
  }
}
