package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.operator.plan.FinishRequest;
import dev.alambic.operator.plan.Trainers;
import dev.alambic.run.Progress;

/** Whether the trainer trains, and if not, what it waits for. */
final class TrainingCondition {
  private TrainingCondition() {}

  static Claim of(Situation situation, Standing standing, Blocked blocked) {
    if (standing instanceof Standing.Ended ended) {
      return not(ended.reason(), ended.message());
    }
    if (standing instanceof Standing.Refused && !situation.observed().trainer().alive()) {
      return not(Reason.InvalidSpec, "There is no plan");
    }
    if (situation.observed().trainer().lost()) {
      return not(Reason.NodeLost, situation.observed().trainer().problem().message());
    }
    if (standing instanceof Standing.Held held) {
      return situation.observed().trainer().alive()
          ? not(Reason.Stopping, "The trainer writes a checkpoint and stops")
          : not(held.reason(), "The job is held");
    }
    return byState(situation, blocked);
  }

  private static Claim byState(Situation situation, Blocked blocked) {
    Observed.Work trainer = situation.observed().trainer();
    return switch (trainer.state()) {
      case Absent -> absent(situation, blocked);
      case Pending -> pending(situation);
      case Running -> OrderPolicy.outdated(situation) ? takingUp(situation) : byProgress(situation);
      case Succeeded -> takingUp(situation);
      case Failed -> restarting(situation);
    };
  }

  private static Claim absent(Situation situation, Blocked blocked) {
    if (blocked.trainer() != null) {
      return not(Reason.TrainerBlocked, blocked.trainer().words());
    }
    return TrainerPolicy.mayStart(situation)
        ? not(Reason.TrainerStarting, "The trainer is started")
        : not(Reason.WaitingForTeacher, waitsFor(situation, blocked));
  }

  private static String waitsFor(Situation situation, Blocked blocked) {
    if (situation.offline()) {
      return "The trainer starts when the signal cache is filled";
    }
    Problem problem = blocked.ofTeacher(situation.observed());
    String wait = "The trainer starts when a teacher answers";
    return problem == null ? wait : wait + "; " + problem.words();
  }

  private static Claim pending(Situation situation) {
    Observed.Work trainer = situation.observed().trainer();
    if (trainer.problem() != null) {
      return not(Reason.TrainerBlocked, trainer.problem().words());
    }
    return trainer.exitCode() == null
        ? not(Reason.TrainerStarting, "The trainer is starting")
        : restarting(situation);
  }

  private static Claim restarting(Situation situation) {
    return not(
        Reason.Restarting, "The trainer starts again after: " + FailurePolicy.lastWords(situation));
  }

  private static Claim takingUp(Situation situation) {
    if (OrderPolicy.finishNew(situation)) {
      return not(
          Reason.RestartingToFinish,
          "The trainer starts again to finish now, as " + FinishRequest.ANNOTATION + " asks");
    }
    return OrderPolicy.outgrown(situation)
        ? not(Reason.RestartingForBudget, "The trainer starts again with the larger token budget")
        : not(
            Reason.RestartingForTrainers,
            "The trainer starts again as spec.trainer asks: " + words(situation.spec()));
  }

  private static String words(DistillationJobSpec spec) {
    Trainers trainers = Trainers.of(spec);
    return "replicas %d%s, sharding %s"
        .formatted(
            trainers.pods(),
            trainers.perPod() == 1 ? "" : " of %d GPUs".formatted(trainers.perPod()),
            trainers.sharding());
  }

  private static Claim byProgress(Situation situation) {
    Progress progress = situation.observed().progress();
    if (progress == null || progress.stage().state() == null) {
      return not(Reason.TrainerStarting, "The trainer runs, but has not said anything yet");
    }
    return switch (progress.stage().state()) {
      case Preparing -> not(Reason.Preparing, said(progress, "The trainer loads and tokenises"));
      case WaitingForTeacher ->
          not(Reason.WaitingForTeacher, said(progress, "The trainer waits for a teacher"));
      case Training -> claim(true, Reason.Training, "The trainer trains");
      case CoolingDown -> claim(true, Reason.CoolingDown, decay(situation));
      case Suspended -> not(Reason.Stopping, "The trainer writes a checkpoint and stops");
      case Complete, Failed -> not(Reason.Finishing, said(progress, "The trainer is about to end"));
    };
  }

  private static String decay(Situation situation) {
    String decays = "The learning rate decays to its end";
    return situation
        .savings()
        .map(
            savings ->
                (savings.byRequest()
                        ? decays + " early, as " + FinishRequest.ANNOTATION + " asked; "
                        : decays + " early: the student is saturated; ")
                    + savings.words())
        .orElse(decays);
  }

  private static String said(Progress progress, String otherwise) {
    return progress.stage().message() == null || progress.stage().message().isBlank()
        ? otherwise
        : progress.stage().message();
  }

  private static Claim not(Reason reason, String message) {
    return claim(false, reason, message);
  }

  private static Claim claim(boolean holds, Reason reason, String message) {
    return Claim.of(ConditionType.Training, holds, reason, message);
  }
}
