package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.BatchStatus;
import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.api.v1alpha1.DistillationJobStatus;
import dev.alambic.api.v1alpha1.ModelStatus;
import dev.alambic.api.v1alpha1.TeacherStatus;
import dev.alambic.operator.plan.Advice;
import dev.alambic.operator.plan.RunPlan;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Assembles a status; what has no new value stays as it was. */
final class StatusWriter {
  private StatusWriter() {}

  static DistillationJobStatus write(
      DecisionInput input, JobState jobState, Conditions conditions, Instant completionTime) {
    return new DistillationJobStatus(
        PhaseSummary.of(conditions),
        conditions.all(),
        input.generation(),
        RunningTime.start(input).map(Instant::toString).orElse(null),
        completionTime == null ? null : completionTime.toString(),
        ProgressSummary.of(input, conditions.holds(ConditionType.Training)),
        batch(input),
        LearningSummary.loss(input),
        LearningSummary.saturation(input),
        teacher(input),
        CheckpointSummary.of(input),
        model(input, jobState),
        advice(input));
  }

  private static BatchStatus batch(DecisionInput input) {
    return input
        .planned()
        .map(RunPlan::training)
        .map(training -> new BatchStatus(training.batchTokens(), training.sequenceLength()))
        .orElse(input.previous().batch());
  }

  private static TeacherStatus teacher(DecisionInput input) {
    ObservedState.Teacher teacher = input.observed().teacher();
    String endpoint =
        input.teacherExists() ? input.spec().teacher().endpoint() : teacher.endpoint();
    Optional<TeacherBalance> balance = TeacherBalance.of(input);
    boolean counted = !input.teacherExists() && teacher.replicas() > 0;
    return new TeacherStatus(
        teacher.readyReplicas(),
        endpoint,
        balance.map(TeacherBalance::waitShare).map(Decimals::significant).orElse(null),
        balance
            .filter(slow -> counted && slow.tooSlow(TeacherReadyCondition.wasTooSlow(input)))
            .map(slow -> slow.neededReplicas(teacher.replicas()))
            .orElse(null));
  }

  private static ModelStatus model(DecisionInput input, JobState jobState) {
    boolean complete = jobState instanceof JobState.Ended ended && ended.complete();
    return complete && input.observed().modelUri() != null
        ? new ModelStatus(input.observed().modelUri())
        : input.previous().model();
  }

  private static List<String> advice(DecisionInput input) {
    return input
        .planned()
        .map(RunPlan::advice)
        .map(advice -> advice.stream().map(Advice::message).toList())
        .orElse(input.previous().advice());
  }
}
