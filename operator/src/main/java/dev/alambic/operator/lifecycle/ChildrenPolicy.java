package dev.alambic.operator.lifecycle;

import dev.alambic.operator.lifecycle.Children.TrainerWish;

/** What should be there, by where the job stands. */
final class ChildrenPolicy {
  private ChildrenPolicy() {}

  static Children of(Situation situation, Standing standing, boolean delete) {
    Children pods = pods(situation, standing, delete);
    return new Children(
        pods.teacherReplicas(),
        pods.trainer(),
        pods.volumes(),
        pods.deleteJob(),
        pods.fill(),
        QueuePolicy.wish(situation, standing),
        QueuePolicy.additions(situation));
  }

  private static Children pods(Situation situation, Standing standing, boolean delete) {
    Observed observed = situation.observed();
    if (standing instanceof Standing.Active active) {
      int teachers = situation.teacherNeeded() ? active.plan().teacherReplicas() : 0;
      return new Children(
          teachers, TrainerPolicy.wish(situation), true, false, FillPolicy.wish(situation));
    }
    if (standing instanceof Standing.Refused) {
      return new Children(
          observed.teacher().replicas(), TrainerWish.Keep, false, false, kept(situation));
    }
    if (standing instanceof Standing.Held) {
      return new Children(0, TrainerWish.None, false, false, filled(situation));
    }
    // An ended trainer holds nothing, and its log stays readable.
    return new Children(
        0,
        observed.trainer().alive() ? TrainerWish.None : TrainerWish.Keep,
        false,
        delete,
        observed.fill().work().alive() ? TrainerWish.None : kept(situation));
  }

  /** A fill that is done is not done again after a hold. */
  private static TrainerWish filled(Situation situation) {
    return FillPolicy.filled(situation) ? kept(situation) : TrainerWish.None;
  }

  private static TrainerWish kept(Situation situation) {
    return situation.offline() ? TrainerWish.Keep : TrainerWish.None;
  }
}
