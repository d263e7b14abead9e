package dev.alambic.operator.lifecycle;

import java.util.stream.Stream;

/**
 * Every reason a condition may have. A reason may be told as an event when it becomes that of its
 * own condition.
 */
public enum Reason {
  // Accepted
  PlanMade(Telling.Normal),
  InvalidSpec(Telling.Warning),
  // TeacherReady
  TeacherAnswers(Telling.Normal),
  TeacherTooSlow(Telling.Warning),
  TeacherStarting(Telling.Quiet),
  TeacherAwaited(Telling.Quiet),
  TeacherBlocked(Telling.Warning),
  TeacherNotNeeded(Telling.Quiet),
  FillingCache(Telling.Normal),
  // Training
  Training(Telling.Normal),
  CoolingDown(Telling.Normal),
  WaitingForTeacher(Telling.Quiet),
  TrainerStarting(Telling.Quiet),
  TrainerBlocked(Telling.Warning),
  Preparing(Telling.Quiet),
  Finishing(Telling.Quiet),
  Restarting(Telling.Warning),
  NodeLost(Telling.Warning),
  TakingUpBudget(Telling.Normal),
  TakingUpFinish(Telling.Normal),
  TakingUpTrainers(Telling.Normal),
  Stopping(Telling.Quiet),
  // Saturated
  TooFewEvaluations(Telling.Quiet),
  Improving(Telling.Quiet),
  NearSaturation(Telling.Normal),
  Saturated(Telling.Normal),
  Indeterminate(Telling.Quiet),
  Regressing(Telling.Warning),
  TeacherBound(Telling.Warning),
  // Suspended
  Suspended(Telling.Normal),
  QuotaPending(Telling.Normal),
  Admitted(Telling.Normal),
  Evicted(Telling.Warning),
  Resumed(Telling.Normal),
  NotSuspended(Telling.Quiet),
  // Complete
  BudgetSpent(Telling.Normal),
  StoppedAtSaturation(Telling.Normal),
  FinishedOnRequest(Telling.Normal),
  // Failed
  TrainerFailed(Telling.Warning),
  BackoffLimitExceeded(Telling.Warning),
  TeacherFailed(Telling.Warning),
  DeadlineExceeded(Telling.Warning),
  StartDeadlineExceeded(Telling.Warning),
  // Complete and Failed before the end; Reconciling and Stalled when there is nothing to say
  InProgress(Telling.Quiet),
  AsAsked(Telling.Quiet);

  private final Telling telling;

  Reason(Telling telling) {
    this.telling = telling;
  }

  /** The reason of this name, or {@code otherwise} if a release that knew others wrote it. */
  static Reason named(String name, Reason otherwise) {
    return Stream.of(values())
        .filter(reason -> reason.name().equals(name))
        .findFirst()
        .orElse(otherwise);
  }

  Telling telling() {
    return telling;
  }

  /** Whether, and how, the reason is told as an event. */
  enum Telling {
    Quiet,
    Normal,
    Warning
  }
}
