package dev.alambic.operator.plan;

import java.util.List;

/** What planning came to. */
public sealed interface PlanResult {

  /** A plan exists. */
  record Planned(RunPlan plan) implements PlanResult {}

  /**
   * No run can be made of the spec.
   *
   * @param problems one line each, {@code spec.field.path: reason}
   */
  record Refused(List<String> problems) implements PlanResult {}
}
