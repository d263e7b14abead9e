package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.Count;
import dev.alambic.operator.lifecycle.Observed.TrainerState;
import dev.alambic.run.Progress;
import java.util.Optional;

/** A job is complete when its trainer ends well, unless the budget has grown meanwhile. */
final class CompletionPolicy {
  private CompletionPolicy() {}

  /** The end, if the trainer has succeeded with the budget that the job has now. */
  static Optional<Standing> completed(Situation situation) {
    if (situation.observed().trainer().state() != TrainerState.Succeeded
        || (BudgetPolicy.outgrown(situation) && saved(situation) == 0)) {
      return Optional.empty();
    }
    long saved = saved(situation);
    return Optional.of(
        saved > 0
            ? new Standing.Ended(
                true,
                Reason.StoppedAtSaturation,
                "The student saturated; " + Count.format(saved) + " tokens of the budget are saved")
            : new Standing.Ended(true, Reason.BudgetSpent, "The token budget is spent"));
  }

  private static long saved(Situation situation) {
    Progress progress = situation.observed().progress();
    return progress == null
            || progress.saturation() == null
            || progress.saturation().savedTokens() == null
        ? 0
        : progress.saturation().savedTokens();
  }
}
