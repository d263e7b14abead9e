package dev.alambic.operator.lifecycle;

import dev.alambic.operator.lifecycle.ObservedState.WorkState;
import dev.alambic.operator.plan.FinishRequest;
import java.util.Optional;

/** A job is complete when its trainer ends well, unless the budget has grown meanwhile. */
final class CompletionPolicy {
  private CompletionPolicy() {}

  /** The end, if the trainer has succeeded with the budget that the job has now. */
  static Optional<JobState> completed(DecisionInput input) {
    Optional<Savings> savings = input.savings().filter(CompletionPolicy::early);
    if (input.observed().trainer().state() != WorkState.Succeeded
        || (OrderPolicy.outgrown(input) && savings.isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(
        savings.map(CompletionPolicy::stoppedEarly).orElseGet(CompletionPolicy::spent));
  }

  private static boolean early(Savings savings) {
    return savings.tokens() > 0 || savings.byRequest();
  }

  private static JobState stoppedEarly(Savings savings) {
    return savings.byRequest()
        ? new JobState.Ended(
            true,
            Reason.FinishedOnRequest,
            "Finished as " + FinishRequest.ANNOTATION + " asked; " + savings.words())
        : new JobState.Ended(
            true, Reason.StoppedAtSaturation, "The student saturated; " + savings.words());
  }

  private static JobState spent() {
    return new JobState.Ended(true, Reason.BudgetSpent, "The token budget is spent");
  }
}
