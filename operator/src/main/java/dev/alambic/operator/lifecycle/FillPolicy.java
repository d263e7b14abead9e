package dev.alambic.operator.lifecycle;

import dev.alambic.failure.ExitCode;
import dev.alambic.operator.lifecycle.Children.TrainerWish;
import dev.alambic.operator.lifecycle.Observed.Order;
import dev.alambic.operator.lifecycle.Observed.Work;
import dev.alambic.operator.lifecycle.Observed.WorkState;

/**
 * In mode Offline the signal cache is filled first, then the student is trained: the two never run
 * at once. A cache that turns out not to hold all is filled again: both are stopped, and because
 * nothing is there then, the fill comes first.
 */
final class FillPolicy {
  private FillPolicy() {}

  /** What should become of the fill of an active job. */
  static TrainerWish wish(Situation situation) {
    if (!situation.offline() || stale(situation)) {
      return TrainerWish.None;
    }
    if (situation.observed().trainer().alive() || filled(situation)) {
      return TrainerWish.Keep;
    }
    Work work = situation.observed().fill().work();
    return work.state() == WorkState.Failed && FailurePolicy.delay(work, situation.now()).isZero()
        ? TrainerWish.Restart
        : TrainerWish.Run;
  }

  /** Whether the cache has all that the present budget needs. */
  static boolean filled(Situation situation) {
    return situation.observed().fill().work().state() == WorkState.Succeeded && !stale(situation);
  }

  /** Whether the cache was filled for less, or a trainer did not find all in it. */
  static boolean stale(Situation situation) {
    Order order = situation.observed().fill().work().order();
    return situation.offline() && (OrderPolicy.outgrown(situation, order) || lacking(situation));
  }

  private static boolean lacking(Situation situation) {
    Work trainer = situation.observed().trainer();
    boolean ended = trainer.state() == WorkState.Pending || trainer.state() == WorkState.Failed;
    return ended
        && trainer.exitCode() != null
        && trainer.exitCode() == ExitCode.TEACHER_UNAVAILABLE.code();
  }
}
