package dev.alambic.operator.plan;

import java.util.List;
import java.util.Optional;

/** What planning came to. */
public sealed interface PlanResult {

  /** The plan, if there is one. */
  default Optional<RunPlan> planned() {
    return this instanceof Planned planned ? Optional.of(planned.plan()) : Optional.empty();
  }

  /** The same, and if there is a plan and {@code now} is true, its decay starts at once. */
  default PlanResult withFinish(boolean now) {
    return now && this instanceof Planned planned
        ? new Planned(planned.plan().finishingNow())
        : this;
  }

  /** A plan exists. */
  record Planned(RunPlan plan) implements PlanResult {}

  /**
   * No run can be made of the spec.
   *
   * @param problems one line each, {@code spec.field.path: reason}
   */
  record Refused(List<String> problems) implements PlanResult {}
}
