package dev.alambic.operator.lifecycle;

import java.util.stream.Stream;

/**
 * Every reason a condition may have. A reason may be told as an event when it becomes that of its
 * own condition.
 */
public enum Reason {
  // Accepted
  PlanMade(EventLevel.Normal),
  InvalidSpec(EventLevel.Warning),
  // TeacherReady
  TeacherAnswers(EventLevel.Normal),
  TeacherTooSlow(EventLevel.Warning),
  TeacherStarting(EventLevel.Quiet),
  TeacherAwaited(EventLevel.Quiet),
  TeacherBlocked(EventLevel.Warning),
  TeacherNotNeeded(EventLevel.Quiet),
  FillingCache(EventLevel.Normal),
  // Training
  Training(EventLevel.Normal),
  CoolingDown(EventLevel.Normal),
  WaitingForTeacher(EventLevel.Quiet),
  TrainerStarting(EventLevel.Quiet),
  TrainerBlocked(EventLevel.Warning),
  Preparing(EventLevel.Quiet),
  Finishing(EventLevel.Quiet),
  Restarting(EventLevel.Warning),
  NodeLost(EventLevel.Warning),
  RestartingForBudget(EventLevel.Normal),
  RestartingToFinish(EventLevel.Normal),
  RestartingForTrainers(EventLevel.Normal),
  Stopping(EventLevel.Quiet),
  // Saturated
  TooFewEvaluations(EventLevel.Quiet),
  Improving(EventLevel.Quiet),
  NearSaturation(EventLevel.Normal),
  Saturated(EventLevel.Normal),
  Indeterminate(EventLevel.Quiet),
  Regressing(EventLevel.Warning),
  TeacherBound(EventLevel.Warning),
  // Suspended
  Suspended(EventLevel.Normal),
  QuotaPending(EventLevel.Normal),
  Admitted(EventLevel.Normal),
  Evicted(EventLevel.Warning),
  Resumed(EventLevel.Normal),
  NotSuspended(EventLevel.Quiet),
  // Complete
  BudgetSpent(EventLevel.Normal),
  StoppedAtSaturation(EventLevel.Normal),
  FinishedOnRequest(EventLevel.Normal),
  // Failed
  TrainerFailed(EventLevel.Warning),
  BackoffLimitExceeded(EventLevel.Warning),
  TeacherFailed(EventLevel.Warning),
  DeadlineExceeded(EventLevel.Warning),
  StartDeadlineExceeded(EventLevel.Warning),
  // Complete and Failed before the end; Reconciling and Stalled when there is nothing to say
  InProgress(EventLevel.Quiet),
  Reconciled(EventLevel.Quiet);

  private final EventLevel eventLevel;

  Reason(EventLevel eventLevel) {
    this.eventLevel = eventLevel;
  }

  /** The reason of this name, or {@code otherwise} if a release that knew others wrote it. */
  static Reason named(String name, Reason otherwise) {
    return Stream.of(values())
        .filter(reason -> reason.name().equals(name))
        .findFirst()
        .orElse(otherwise);
  }

  EventLevel eventLevel() {
    return eventLevel;
  }

  /** Whether, and how, the reason becomes an event. */
  enum EventLevel {
    Quiet,
    Normal,
    Warning
  }
}
