package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.ConditionType;

/** Whether a teacher answers, and if not, what it waits for. */
final class TeacherReadyCondition {
  private TeacherReadyCondition() {}

  static ConditionDraft of(DecisionInput input, JobState jobState, Blocked blocked) {
    if (jobState instanceof JobState.Ended || jobState instanceof JobState.Held) {
      return draft(false, Reason.TeacherNotNeeded, "Nothing needs a teacher");
    }
    if (input.offline() && !(jobState instanceof JobState.Refused)) {
      return offline(input, blocked);
    }
    if (input.teacherExists()) {
      return external(input);
    }
    ObservedState.Teacher teacher = input.observed().teacher();
    if (teacher.readyReplicas() > 0) {
      return answers(
          input, teacher.readyReplicas() + " of " + teacher.replicas() + " teachers answer");
    }
    Problem problem = blocked.ofTeacher(input.observed());
    if (problem != null) {
      return draft(false, Reason.TeacherBlocked, problem.words());
    }
    if (!input.teacherNeeded()) {
      return draft(false, Reason.TeacherNotNeeded, "The trainer looks into the signal cache first");
    }
    return jobState instanceof JobState.Refused
        ? draft(false, Reason.TeacherNotNeeded, "There is no plan")
        : draft(false, Reason.TeacherStarting, "The teacher is starting");
  }

  private static ConditionDraft answers(DecisionInput input, String message) {
    return TeacherBalance.of(input)
        .filter(balance -> balance.tooSlow(wasTooSlow(input)))
        .map(slow -> draft(true, Reason.TeacherTooSlow, message + "; " + slow.words(input)))
        .orElseGet(() -> draft(true, Reason.TeacherAnswers, message));
  }

  static boolean wasTooSlow(DecisionInput input) {
    return input.before().has(ConditionType.TeacherReady, Reason.TeacherTooSlow);
  }

  private static ConditionDraft offline(DecisionInput input, Blocked blocked) {
    ObservedState.Fill fill = input.observed().fill();
    if (TrainerPolicy.mayStart(input) || input.observed().trainer().alive()) {
      return draft(false, Reason.TeacherNotNeeded, "The signal cache is filled");
    }
    if (blocked.fill() != null) {
      return draft(false, Reason.TeacherBlocked, blocked.fill().words());
    }
    if (fill.work().lost()) {
      return draft(false, Reason.TeacherBlocked, fill.work().problem().words());
    }
    return switch (fill.work().state()) {
      case Running ->
          draft(
              false,
              Reason.FillingCache,
              "Teachers fill the signal cache: %d of %d shards are done"
                  .formatted(fill.filled(), fill.shards()));
      case Pending, Failed -> pending(input, fill.work());
      case Absent, Succeeded ->
          draft(false, Reason.TeacherStarting, "What fills the signal cache is started");
    };
  }

  private static ConditionDraft pending(DecisionInput input, ObservedState.Work fill) {
    if (fill.problem() != null) {
      return draft(false, Reason.TeacherBlocked, fill.problem().words());
    }
    return fill.exitCode() == null
        ? draft(false, Reason.TeacherStarting, "What fills the signal cache is starting")
        : draft(
            false,
            Reason.TeacherBlocked,
            "The signal cache is filled again after: " + FailurePolicy.fillsLastWords(input));
  }

  /** A server that exists already is asked by the trainer alone. */
  private static ConditionDraft external(DecisionInput input) {
    String server = input.spec().teacher().endpoint();
    if (input.trainerTaught()) {
      return answers(input, server + " answers the trainer");
    }
    return input.trainerWaitsForTeacher()
        ? draft(false, Reason.TeacherAwaited, "The trainer waits for an answer of " + server)
        : draft(false, Reason.TeacherAwaited, "The trainer asks " + server + " when it starts");
  }

  private static ConditionDraft draft(boolean holds, Reason reason, String message) {
    return ConditionDraft.of(ConditionType.TeacherReady, holds, reason, message);
  }
}
