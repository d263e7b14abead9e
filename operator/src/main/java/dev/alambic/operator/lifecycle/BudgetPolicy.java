package dev.alambic.operator.lifecycle;

/** A trainer that was started with a smaller budget than the job has now is started again. */
final class BudgetPolicy {
  private BudgetPolicy() {}

  /** Whether the job's budget has grown since its trainer started. */
  static boolean outgrown(Situation situation) {
    Long started = situation.observed().trainer().tokenBudget();
    return started != null
        && situation.planned().filter(plan -> plan.training().tokenBudget() > started).isPresent();
  }
}
