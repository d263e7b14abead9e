package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.ConditionType;

/** Whether a teacher answers, and if not, what it waits for. */
final class TeacherReadyCondition {
  private TeacherReadyCondition() {}

  static Claim of(Situation situation, Standing standing, Blocked blocked) {
    if (standing instanceof Standing.Ended || standing instanceof Standing.Held) {
      return claim(false, Reason.TeacherNotNeeded, "Nothing needs a teacher");
    }
    if (situation.offline() && !(standing instanceof Standing.Refused)) {
      return offline(situation, blocked);
    }
    if (situation.teacherExists()) {
      return external(situation);
    }
    Observed.Teacher teacher = situation.observed().teacher();
    if (teacher.readyReplicas() > 0) {
      return answers(
          situation, teacher.readyReplicas() + " of " + teacher.replicas() + " teachers answer");
    }
    Problem problem = blocked.ofTeacher(situation.observed());
    if (problem != null) {
      return claim(false, Reason.TeacherBlocked, problem.words());
    }
    if (!situation.teacherNeeded()) {
      return claim(false, Reason.TeacherNotNeeded, "The trainer looks into the signal cache first");
    }
    return standing instanceof Standing.Refused
        ? claim(false, Reason.TeacherNotNeeded, "There is no plan")
        : claim(false, Reason.TeacherStarting, "The teacher is starting");
  }

  private static Claim answers(Situation situation, String message) {
    return TeacherBalance.of(situation)
        .filter(balance -> balance.tooSlow(wasTooSlow(situation)))
        .map(slow -> claim(true, Reason.TeacherTooSlow, message + "; " + slow.words(situation)))
        .orElseGet(() -> claim(true, Reason.TeacherAnswers, message));
  }

  static boolean wasTooSlow(Situation situation) {
    return situation.before().has(ConditionType.TeacherReady, Reason.TeacherTooSlow);
  }

  private static Claim offline(Situation situation, Blocked blocked) {
    Observed.Fill fill = situation.observed().fill();
    if (TrainerPolicy.mayStart(situation) || situation.observed().trainer().alive()) {
      return claim(false, Reason.TeacherNotNeeded, "The signal cache is filled");
    }
    if (blocked.fill() != null) {
      return claim(false, Reason.TeacherBlocked, blocked.fill().words());
    }
    if (fill.work().lost()) {
      return claim(false, Reason.TeacherBlocked, fill.work().problem().words());
    }
    return switch (fill.work().state()) {
      case Running ->
          claim(
              false,
              Reason.FillingCache,
              "Teachers fill the signal cache: %d of %d shards are done"
                  .formatted(fill.filled(), fill.shards()));
      case Pending, Failed -> pending(situation, fill.work());
      case Absent, Succeeded ->
          claim(false, Reason.TeacherStarting, "What fills the signal cache is started");
    };
  }

  private static Claim pending(Situation situation, Observed.Work fill) {
    if (fill.problem() != null) {
      return claim(false, Reason.TeacherBlocked, fill.problem().words());
    }
    return fill.exitCode() == null
        ? claim(false, Reason.TeacherStarting, "What fills the signal cache is starting")
        : claim(
            false,
            Reason.TeacherBlocked,
            "The signal cache is filled again after: " + FailurePolicy.fillsLastWords(situation));
  }

  /** A server that exists already is asked by the trainer alone. */
  private static Claim external(Situation situation) {
    String server = situation.spec().teacher().endpoint();
    if (situation.trainerTaught()) {
      return answers(situation, server + " answers the trainer");
    }
    return situation.trainerWaitsForTeacher()
        ? claim(false, Reason.TeacherAwaited, "The trainer waits for an answer of " + server)
        : claim(false, Reason.TeacherAwaited, "The trainer asks " + server + " when it starts");
  }

  private static Claim claim(boolean holds, Reason reason, String message) {
    return Claim.of(ConditionType.TeacherReady, holds, reason, message);
  }
}
