package dev.alambic.step;

import dev.alambic.api.v1alpha1.StopCause;
import dev.alambic.run.Progress.CurvePoint;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a run is: with weights, moments and the specification, all that its future depends on.
 *
 * @param step batches used
 * @param updates optimizer steps that made the weights; fewer than {@code step} by the bad ones,
 *     and by those that a rollback took back
 * @param cooldownStart step at which an early decay started, or null
 * @param stopCause why it did, or null
 * @param curve evaluations so far
 * @param sequences sequences learnt from
 * @param health how the numbers have been
 */
public record RunState(
    long step,
    long updates,
    Long cooldownStart,
    StopCause stopCause,
    List<CurvePoint> curve,
    long sequences,
    Health health) {
  public static final RunState START = new RunState(0, 0, null, null, List.of(), 0, Health.START);

  /** The state after one more step on {@code batch} sequences. */
  public RunState stepped(TrainStep.Result result, int batch) {
    return new RunState(
        step + 1,
        result.applied() ? updates + 1 : updates,
        cooldownStart,
        stopCause,
        curve,
        sequences + batch,
        result.applied() ? health.good(result.loss(), updates) : health.bad());
  }

  /** One evaluation richer. */
  public RunState evaluated(CurvePoint point) {
    List<CurvePoint> longer = new ArrayList<>(curve);
    longer.add(point);
    return new RunState(
        step, updates, cooldownStart, stopCause, List.copyOf(longer), sequences, health);
  }

  /** With an early decay from here on. */
  public RunState coolingDown(StopCause cause) {
    return new RunState(step, updates, step, cause, curve, sequences, health);
  }

  /** With the weights of a checkpoint, and all that was found out about them, on the same data. */
  public RunState rolledBack(RunState good) {
    return new RunState(
        step,
        good.updates,
        good.cooldownStart,
        good.stopCause,
        good.curve,
        sequences,
        health.rolledBack(good.step, good.health));
  }

  /** As a checkpoint keeps it. */
  public RunState trusted() {
    return new RunState(
        step, updates, cooldownStart, stopCause, curve, sequences, health.trusted());
  }

  /** Whether the student was evaluated after this many tokens. */
  public boolean isEvaluated(long tokens) {
    return !curve.isEmpty() && curve.get(curve.size() - 1).tokens() == tokens;
  }
}
