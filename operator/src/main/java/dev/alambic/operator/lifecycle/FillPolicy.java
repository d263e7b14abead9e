package dev.alambic.operator.lifecycle;

import dev.alambic.failure.ExitCode;
import dev.alambic.operator.lifecycle.Children.TrainerAction;
import dev.alambic.operator.lifecycle.ObservedState.Order;
import dev.alambic.operator.lifecycle.ObservedState.Work;
import dev.alambic.operator.lifecycle.ObservedState.WorkState;

/**
 * In mode Offline the signal cache is filled first, then the student is trained: the two never run
 * at once. A cache that turns out not to hold all is filled again: both are stopped, and because
 * nothing is there then, the fill comes first.
 */
final class FillPolicy {
  private FillPolicy() {}

  /** What should become of the fill of an active job. */
  static TrainerAction action(DecisionInput input) {
    if (!input.offline() || stale(input)) {
      return TrainerAction.None;
    }
    if (input.observed().trainer().alive() || filled(input)) {
      return TrainerAction.Keep;
    }
    Work work = input.observed().fill().work();
    return work.state() == WorkState.Failed && FailurePolicy.delay(work, input.now()).isZero()
        ? TrainerAction.Restart
        : TrainerAction.Run;
  }

  /** Whether the cache has all that the present budget needs. */
  static boolean filled(DecisionInput input) {
    return input.observed().fill().work().state() == WorkState.Succeeded && !stale(input);
  }

  /** Whether the cache was filled for less, or a trainer did not find all in it. */
  static boolean stale(DecisionInput input) {
    Order order = input.observed().fill().work().order();
    return input.offline() && (OrderPolicy.outgrown(input, order) || lacking(input));
  }

  private static boolean lacking(DecisionInput input) {
    Work trainer = input.observed().trainer();
    boolean ended = trainer.state() == WorkState.Pending || trainer.state() == WorkState.Failed;
    return ended
        && trainer.exitCode() != null
        && trainer.exitCode() == ExitCode.TEACHER_UNAVAILABLE.code();
  }
}
