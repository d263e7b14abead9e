package dev.alambic.operator.lifecycle;

import dev.alambic.operator.lifecycle.Observed.WorkState;
import dev.alambic.operator.plan.FinishRequest;
import java.util.Optional;

/** A job is complete when its trainer ends well, unless the budget has grown meanwhile. */
final class CompletionPolicy {
  private CompletionPolicy() {}

  /** The end, if the trainer has succeeded with the budget that the job has now. */
  static Optional<Standing> completed(Situation situation) {
    Optional<Savings> savings = situation.savings().filter(CompletionPolicy::early);
    if (situation.observed().trainer().state() != WorkState.Succeeded
        || (OrderPolicy.outgrown(situation) && savings.isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(
        savings.map(CompletionPolicy::stoppedEarly).orElseGet(CompletionPolicy::spent));
  }

  private static boolean early(Savings savings) {
    return savings.tokens() > 0 || savings.byRequest();
  }

  private static Standing stoppedEarly(Savings savings) {
    return savings.byRequest()
        ? new Standing.Ended(
            true,
            Reason.FinishedOnRequest,
            "Finished as " + FinishRequest.ANNOTATION + " asked; " + savings.words())
        : new Standing.Ended(
            true, Reason.StoppedAtSaturation, "The student saturated; " + savings.words());
  }

  private static Standing spent() {
    return new Standing.Ended(true, Reason.BudgetSpent, "The token budget is spent");
  }
}
