package dev.alambic.operator.lifecycle;

import dev.alambic.operator.lifecycle.Children.TrainerAction;
import dev.alambic.operator.lifecycle.ObservedState.WorkState;

/**
 * An active job's trainer starts, or starts again, only when a teacher that it needs answers, or
 * what one would say is in the signal cache.
 */
final class TrainerPolicy {
  private TrainerPolicy() {}

  /** What should become of the trainer of an active job. */
  static TrainerAction action(DecisionInput input) {
    if (FillPolicy.stale(input)) {
      return TrainerAction.None;
    }
    WorkState state = input.observed().trainer().state();
    if (state == WorkState.Absent) {
      return mayStart(input) ? TrainerAction.Run : TrainerAction.None;
    }
    return restartDue(input, state) && mayStart(input) ? TrainerAction.Restart : TrainerAction.Run;
  }

  /** Whether nothing that a trainer needs is still to come. */
  static boolean mayStart(DecisionInput input) {
    return input.offline()
        ? FillPolicy.filled(input)
        : input.teacherAnswers() || !input.teacherNeeded();
  }

  private static boolean restartDue(DecisionInput input, WorkState state) {
    return state == WorkState.Failed
        ? FailurePolicy.delay(input).isZero()
        : OrderPolicy.outdated(input);
  }
}
