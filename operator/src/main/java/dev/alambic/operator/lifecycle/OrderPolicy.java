package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.Schedule;
import dev.alambic.operator.lifecycle.ObservedState.Order;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.run.Progress;

/** A trainer that was started for something else than the job asks now is started again. */
final class OrderPolicy {
  private OrderPolicy() {}

  /** Whether the job asks for something that a trainer takes up only when it starts. */
  static boolean outdated(DecisionInput input) {
    return outgrown(input) || finishNew(input) || regrouped(input);
  }

  /** Whether the job is now shared among other trainers, or in another way. */
  private static boolean regrouped(DecisionInput input) {
    Order order = input.observed().trainer().order();
    return order != null
        && input.planned().filter(plan -> !plan.trainers().equals(order.trainers())).isPresent();
  }

  /** Whether the job's budget has grown since its trainer started. */
  static boolean outgrown(DecisionInput input) {
    return outgrown(input, input.observed().trainer().order());
  }

  /** Whether the job's budget has grown since something started; false if not known. */
  static boolean outgrown(DecisionInput input, Order order) {
    return order != null && input.asksForMoreThan(order.tokenBudget());
  }

  /** Whether the end was asked for since, and the last decay has not begun anyway. */
  static boolean finishNew(DecisionInput input) {
    Order order = input.observed().trainer().order();
    return order != null
        && !order.finishNow()
        && input.planned().filter(plan -> plan.unplaced().saturation().finishNow()).isPresent()
        && !decays(input.planned().get(), input.observed().progress());
  }

  /** A cosine always decays: only its trainer, started again, ends it. */
  private static boolean decays(RunPlan plan, Progress progress) {
    return plan.training().rate().schedule() != Schedule.Cosine
        && progress != null
        && progress.stage().state() == Progress.State.CoolingDown;
  }
}
