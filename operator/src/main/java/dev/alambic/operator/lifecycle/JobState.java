package dev.alambic.operator.lifecycle;

import dev.alambic.operator.plan.RunPlan;
import java.util.List;

/** Where a job stands: exactly one of these at a time. */
sealed interface JobState {

  /** It is to run. */
  record Active(RunPlan plan) implements JobState {}

  /** It is held by the user or a queue. */
  record Held(Reason reason, String message) implements JobState {}

  /** No run can be made of its spec; what runs already continues. */
  record Refused(List<String> problems) implements JobState {}

  /** It is over, for ever. */
  record Ended(boolean complete, Reason reason, String message) implements JobState {}
}
