package dev.alambic.operator.lifecycle;

import dev.alambic.operator.lifecycle.Children.TrainerAction;

/** What should be there, by where the job stands. */
final class ChildrenPolicy {
  private ChildrenPolicy() {}

  static Children of(DecisionInput input, JobState jobState, boolean delete) {
    Children pods = pods(input, jobState, delete);
    return new Children(
        pods.teacherReplicas(),
        pods.trainer(),
        pods.volumes(),
        pods.deleteJob(),
        pods.fill(),
        QueuePolicy.action(input, jobState),
        QueuePolicy.additions(input));
  }

  private static Children pods(DecisionInput input, JobState jobState, boolean delete) {
    ObservedState observed = input.observed();
    if (jobState instanceof JobState.Active active) {
      int teachers = input.teacherNeeded() ? active.plan().teacherReplicas() : 0;
      return new Children(
          teachers, TrainerPolicy.action(input), true, false, FillPolicy.action(input));
    }
    if (jobState instanceof JobState.Refused) {
      return new Children(
          observed.teacher().replicas(), TrainerAction.Keep, false, false, kept(input));
    }
    if (jobState instanceof JobState.Held) {
      return new Children(0, TrainerAction.None, false, false, filled(input));
    }
    // An ended trainer holds nothing, and its log stays readable.
    return new Children(
        0,
        observed.trainer().alive() ? TrainerAction.None : TrainerAction.Keep,
        false,
        delete,
        observed.fill().work().alive() ? TrainerAction.None : kept(input));
  }

  /** A fill that is done is not done again after a hold. */
  private static TrainerAction filled(DecisionInput input) {
    return FillPolicy.filled(input) ? kept(input) : TrainerAction.None;
  }

  private static TrainerAction kept(DecisionInput input) {
    return input.offline() ? TrainerAction.Keep : TrainerAction.None;
  }
}
