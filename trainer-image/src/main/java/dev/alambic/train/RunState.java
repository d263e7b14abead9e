package dev.alambic.train;

import dev.alambic.api.v1alpha1.StopCause;
import dev.alambic.run.Progress.CurvePoint;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a run is: with weights, moments and the specification, all that its future depends on.
 *
 * @param step batches used
 * @param updates optimizer steps applied; fewer than {@code step} by the bad ones
 * @param cooldownStart step at which an early decay started, or null
 * @param stopCause why it did, or null
 * @param curve evaluations so far
 * @param sequences sequences learnt from
 */
record RunState(
    long step,
    long updates,
    Long cooldownStart,
    StopCause stopCause,
    List<CurvePoint> curve,
    long sequences) {
  static final RunState START = new RunState(0, 0, null, null, List.of(), 0);

  /** One batch of so many sequences further. */
  RunState stepped(boolean applied, int batch) {
    return new RunState(
        step + 1,
        applied ? updates + 1 : updates,
        cooldownStart,
        stopCause,
        curve,
        sequences + batch);
  }

  /** One evaluation richer. */
  RunState evaluated(CurvePoint point) {
    List<CurvePoint> longer = new ArrayList<>(curve);
    longer.add(point);
    return new RunState(step, updates, cooldownStart, stopCause, List.copyOf(longer), sequences);
  }

  /** With an early decay from here on. */
  RunState coolingDown(StopCause cause) {
    return new RunState(step, updates, step, cause, curve, sequences);
  }

  /** Whether the student was evaluated after this many tokens. */
  boolean isEvaluated(long tokens) {
    return !curve.isEmpty() && curve.get(curve.size() - 1).tokens() == tokens;
  }

  /** Batches whose loss or gradient was not finite. */
  long badSteps() {
    return step - updates;
  }
}
