package dev.alambic.saturation;

import dev.alambic.api.v1alpha1.SaturationAction;
import dev.alambic.api.v1alpha1.SaturationState;
import dev.alambic.api.v1alpha1.StopCause;
import dev.alambic.run.Progress;

/**
 * When a run ends early. Once decided it stays decided: a decay that has begun is not taken back
 * because a later evaluation looks better, which a decay always makes it.
 *
 * @param action what the job asks for
 * @param stoppedAt tokens at which the decay was ordered, or null; kept in the checkpoint
 * @param cause of the order, or null
 */
public record StopRule(SaturationAction action, Long stoppedAt, StopCause cause) {

  /** The rule at the start of a run. */
  public static StopRule of(SaturationAction action) {
    return new StopRule(action, null, null);
  }

  /** The rule after a verdict at these tokens: decided if the job stops and the student is done. */
  public StopRule observe(Progress.Saturation verdict, long tokens) {
    boolean stop = action == SaturationAction.Stop && verdict.state() == SaturationState.Saturated;
    return stop ? stopped(tokens, StopCause.Saturation) : this;
  }

  /** The rule after a user asked for the end, whatever the action is. */
  public StopRule request(long tokens) {
    return stopped(tokens, StopCause.Request);
  }

  private StopRule stopped(long tokens, StopCause by) {
    return stoppedAt == null ? new StopRule(action, tokens, by) : this;
  }

  /** Whether the decay must start now, if it hasn't yet. */
  public boolean startDecay() {
    return stoppedAt != null;
  }

  /**
   * Tokens of the budget that are never trained on: 0 unless stopped early.
   *
   * @param decayTokens that the decay takes
   */
  public long savedTokens(long tokenBudget, long decayTokens) {
    return stoppedAt == null ? 0 : Math.max(0, tokenBudget - stoppedAt - decayTokens);
  }

  /** The verdict with the tokens saved, and why. */
  public Progress.Saturation report(
      Progress.Saturation verdict, long tokenBudget, long decayTokens) {
    return verdict.with(
        with -> with.savedTokens(savedTokens(tokenBudget, decayTokens)).stoppedBy(cause));
  }
}
