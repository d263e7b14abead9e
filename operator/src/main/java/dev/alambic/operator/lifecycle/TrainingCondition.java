package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.operator.plan.FinishRequest;
import dev.alambic.operator.plan.Trainers;
import dev.alambic.run.Progress;

/** Whether the trainer trains, and if not, what it waits for. */
final class TrainingCondition {
  private TrainingCondition() {}

  static ConditionDraft of(DecisionInput input, JobState jobState, Blocked blocked) {
    if (jobState instanceof JobState.Ended ended) {
      return not(ended.reason(), ended.message());
    }
    if (jobState instanceof JobState.Refused && !input.observed().trainer().alive()) {
      return not(Reason.InvalidSpec, "There is no plan");
    }
    if (input.observed().trainer().lost()) {
      return not(Reason.NodeLost, input.observed().trainer().problem().message());
    }
    if (jobState instanceof JobState.Held held) {
      return input.observed().trainer().alive()
          ? not(Reason.Stopping, "The trainer writes a checkpoint and stops")
          : not(held.reason(), "The job is held");
    }
    return byState(input, blocked);
  }

  private static ConditionDraft byState(DecisionInput input, Blocked blocked) {
    ObservedState.Work trainer = input.observed().trainer();
    return switch (trainer.state()) {
      case Absent -> absent(input, blocked);
      case Pending -> pending(input);
      case Running -> OrderPolicy.outdated(input) ? takingUp(input) : byProgress(input);
      case Succeeded -> takingUp(input);
      case Failed -> restarting(input);
    };
  }

  private static ConditionDraft absent(DecisionInput input, Blocked blocked) {
    if (blocked.trainer() != null) {
      return not(Reason.TrainerBlocked, blocked.trainer().words());
    }
    return TrainerPolicy.mayStart(input)
        ? not(Reason.TrainerStarting, "The trainer is started")
        : not(Reason.WaitingForTeacher, waitsFor(input, blocked));
  }

  private static String waitsFor(DecisionInput input, Blocked blocked) {
    if (input.offline()) {
      return "The trainer starts when the signal cache is filled";
    }
    Problem problem = blocked.ofTeacher(input.observed());
    String wait = "The trainer starts when a teacher answers";
    return problem == null ? wait : wait + "; " + problem.words();
  }

  private static ConditionDraft pending(DecisionInput input) {
    ObservedState.Work trainer = input.observed().trainer();
    if (trainer.problem() != null) {
      return not(Reason.TrainerBlocked, trainer.problem().words());
    }
    return trainer.exitCode() == null
        ? not(Reason.TrainerStarting, "The trainer is starting")
        : restarting(input);
  }

  private static ConditionDraft restarting(DecisionInput input) {
    return not(
        Reason.Restarting, "The trainer starts again after: " + FailurePolicy.lastWords(input));
  }

  private static ConditionDraft takingUp(DecisionInput input) {
    if (OrderPolicy.finishNew(input)) {
      return not(
          Reason.RestartingToFinish,
          "The trainer starts again to finish now, as " + FinishRequest.ANNOTATION + " asks");
    }
    return OrderPolicy.outgrown(input)
        ? not(Reason.RestartingForBudget, "The trainer starts again with the larger token budget")
        : not(
            Reason.RestartingForTrainers,
            "The trainer starts again as spec.trainer asks: " + words(input.spec()));
  }

  private static String words(DistillationJobSpec spec) {
    Trainers trainers = Trainers.of(spec);
    return "replicas %d%s, sharding %s"
        .formatted(
            trainers.pods(),
            trainers.perPod() == 1 ? "" : " of %d GPUs".formatted(trainers.perPod()),
            trainers.sharding());
  }

  private static ConditionDraft byProgress(DecisionInput input) {
    Progress progress = input.observed().progress();
    if (progress == null || progress.stage().state() == null) {
      return not(Reason.TrainerStarting, "The trainer runs, but has not said anything yet");
    }
    return switch (progress.stage().state()) {
      case Preparing -> not(Reason.Preparing, message(progress, "The trainer loads and tokenises"));
      case WaitingForTeacher ->
          not(Reason.WaitingForTeacher, message(progress, "The trainer waits for a teacher"));
      case Training -> draft(true, Reason.Training, "The trainer trains");
      case CoolingDown -> draft(true, Reason.CoolingDown, decay(input));
      case Suspended -> not(Reason.Stopping, "The trainer writes a checkpoint and stops");
      case Complete, Failed ->
          not(Reason.Finishing, message(progress, "The trainer is about to end"));
    };
  }

  private static String decay(DecisionInput input) {
    String decays = "The learning rate decays to its end";
    return input
        .savings()
        .map(
            savings ->
                (savings.byRequest()
                        ? decays + " early, as " + FinishRequest.ANNOTATION + " asked; "
                        : decays + " early: the student is saturated; ")
                    + savings.words())
        .orElse(decays);
  }

  private static String message(Progress progress, String otherwise) {
    return progress.stage().message() == null || progress.stage().message().isBlank()
        ? otherwise
        : progress.stage().message();
  }

  private static ConditionDraft not(Reason reason, String message) {
    return draft(false, reason, message);
  }

  private static ConditionDraft draft(boolean holds, Reason reason, String message) {
    return ConditionDraft.of(ConditionType.Training, holds, reason, message);
  }
}
