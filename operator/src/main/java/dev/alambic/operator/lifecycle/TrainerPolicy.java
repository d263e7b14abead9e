package dev.alambic.operator.lifecycle;

import dev.alambic.operator.lifecycle.Children.TrainerWish;
import dev.alambic.operator.lifecycle.Observed.WorkState;

/**
 * An active job's trainer starts, or starts again, only when a teacher that it needs answers, or
 * what one would say is in the signal cache.
 */
final class TrainerPolicy {
  private TrainerPolicy() {}

  /** What should become of the trainer of an active job. */
  static TrainerWish wish(Situation situation) {
    if (FillPolicy.stale(situation)) {
      return TrainerWish.None;
    }
    WorkState state = situation.observed().trainer().state();
    if (state == WorkState.Absent) {
      return mayStart(situation) ? TrainerWish.Run : TrainerWish.None;
    }
    return restartDue(situation, state) && mayStart(situation)
        ? TrainerWish.Restart
        : TrainerWish.Run;
  }

  /** Whether nothing that a trainer needs is still to come. */
  static boolean mayStart(Situation situation) {
    return situation.offline()
        ? FillPolicy.filled(situation)
        : situation.teacherAnswers() || !situation.teacherNeeded();
  }

  private static boolean restartDue(Situation situation, WorkState state) {
    return state == WorkState.Failed
        ? FailurePolicy.delay(situation).isZero()
        : OrderPolicy.outdated(situation);
  }
}
