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
 */
record RunState(
    long step, long updates, Long cooldownStart, StopCause stopCause, List<CurvePoint> curve) {
  static final RunState START = new RunState(0, 0, null, null, List.of());

  /** One batch further. */
  RunState stepped(boolean applied) {
    return new RunState(step + 1, applied ? updates + 1 : updates, cooldownStart, stopCause, curve);
  }

  /** One evaluation richer. */
  RunState evaluated(CurvePoint point) {
    List<CurvePoint> longer = new ArrayList<>(curve);
    longer.add(point);
    return new RunState(step, updates, cooldownStart, stopCause, List.copyOf(longer));
  }

  /** With an early decay from here on. */
  RunState coolingDown(StopCause cause) {
    return new RunState(step, updates, step, cause, curve);
  }

  /** Batches whose loss or gradient was not finite. */
  long badSteps() {
    return step - updates;
  }
}
