package dev.alambic.step;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * How a run's numbers have been. A step whose loss or gradient is not finite, or whose loss
 * explodes, is bad: nothing of it is applied. After {@link #MOST_BAD_IN_A_ROW} of them the weights
 * go back to an earlier checkpoint while the data continues, so that other batches follow (PaLM's
 * remedy, arXiv 2204.02311, section 5.1).
 *
 * @param badSteps of the whole run
 * @param badInARow the last ones
 * @param rollbacks of the whole run
 * @param meanLoss the objective over the last good steps, nats per token; null before the first
 * @param since the last rollback, until the run is trusted again; else null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Health(long badSteps, int badInARow, int rollbacks, Double meanLoss, Rollback since) {
  static final Health START = new Health(0, 0, 0, null, null);

  static final int MOST_BAD_IN_A_ROW = 8;
  public static final int MOST_ROLLBACKS_IN_A_ROW = 3;

  /** Good steps that the mean loss spans, and after which a run is judged, and trusted again. */
  private static final int WINDOW = 32;

  /**
   * Where the weights went back to.
   *
   * @param step of the checkpoint
   * @param inARow rollbacks since the run was last trusted
   * @param goodSteps since
   */
  record Rollback(long step, int inARow, int goodSteps) {}

  /**
   * Whether a loss, in nats per token, is out of all proportion: not finite, or over twice the mean
   * and a nat.
   *
   * @param updates optimizer steps applied so far
   */
  public boolean explodes(double loss, long updates) {
    return !Double.isFinite(loss)
        || (meanLoss != null && updates >= WINDOW && loss > 2 * Math.max(0, meanLoss) + 1);
  }

  /**
   * After a step that was applied.
   *
   * @param updates optimizer steps applied before it
   */
  Health good(double loss, long updates) {
    double weight = 1.0 / Math.min(WINDOW, updates + 1);
    double mean = meanLoss == null ? loss : meanLoss + weight * (loss - meanLoss);
    Rollback later =
        since == null ? null : new Rollback(since.step, since.inARow, since.goodSteps + 1);
    return new Health(badSteps, 0, rollbacks, mean, later);
  }

  /** After a step of which nothing was applied. */
  Health bad() {
    return new Health(badSteps + 1, badInARow + 1, rollbacks, meanLoss, since);
  }

  public boolean mustRollBack() {
    return badInARow >= MOST_BAD_IN_A_ROW;
  }

  /** Rollbacks since the run was last trusted. */
  public int rollbacksInARow() {
    return since == null ? 0 : since.inARow;
  }

  /**
   * Whether the weights may go back to a checkpoint: not to one in a row of bad steps, and, if
   * going back did not help, to an older one than before.
   *
   * @param step of the checkpoint
   * @param then how the run was
   */
  public boolean mayGoBackTo(long step, Health then) {
    return then.badInARow == 0 && (since == null || step < since.step);
  }

  /**
   * After a rollback.
   *
   * @param step of the checkpoint
   * @param then how the run was
   */
  Health rolledBack(long step, Health then) {
    return new Health(
        badSteps, 0, rollbacks + 1, then.meanLoss, new Rollback(step, rollbacksInARow() + 1, 0));
  }

  /** Whether a checkpoint is worth having: not amid bad steps, nor soon after a rollback. */
  public boolean sound() {
    return badInARow == 0 && (since == null || since.goodSteps >= WINDOW);
  }

  /** At a checkpoint of a sound run: the rollback is history. */
  Health trusted() {
    return new Health(badSteps, badInARow, rollbacks, meanLoss, null);
  }
}
