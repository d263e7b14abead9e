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
      Situation situation, Standing standing, Conditions conditions, Instant completionTime) {
    return new DistillationJobStatus(
        PhaseSummary.of(conditions),
        conditions.all(),
        situation.generation(),
        RunningTime.start(situation).map(Instant::toString).orElse(null),
        completionTime == null ? null : completionTime.toString(),
        ProgressSummary.of(situation, conditions.holds(ConditionType.Training)),
        batch(situation),
        LearningSummary.loss(situation),
        LearningSummary.saturation(situation),
        teacher(situation),
        CheckpointSummary.of(situation),
        model(situation, standing),
        advice(situation));
  }

  private static BatchStatus batch(Situation situation) {
    return situation
        .planned()
        .map(RunPlan::training)
        .map(training -> new BatchStatus(training.batchTokens(), training.sequenceLength()))
        .orElse(situation.previous().batch());
  }

  private static TeacherStatus teacher(Situation situation) {
    Observed.Teacher teacher = situation.observed().teacher();
    String endpoint =
        situation.teacherExists() ? situation.spec().teacher().endpoint() : teacher.endpoint();
    Optional<TeacherBalance> balance = TeacherBalance.of(situation);
    boolean counted = !situation.teacherExists() && teacher.replicas() > 0;
    return new TeacherStatus(
        teacher.readyReplicas(),
        endpoint,
        balance.map(TeacherBalance::waitShare).map(Decimals::significant).orElse(null),
        balance
            .filter(slow -> counted && slow.tooSlow(TeacherReadyCondition.wasTooSlow(situation)))
            .map(slow -> slow.neededReplicas(teacher.replicas()))
            .orElse(null));
  }

  private static ModelStatus model(Situation situation, Standing standing) {
    boolean complete = standing instanceof Standing.Ended ended && ended.complete();
    return complete && situation.observed().modelUri() != null
        ? new ModelStatus(situation.observed().modelUri())
        : situation.previous().model();
  }

  private static List<String> advice(Situation situation) {
    return situation
        .planned()
        .map(RunPlan::advice)
        .map(advice -> advice.stream().map(Advice::message).toList())
        .orElse(situation.previous().advice());
  }
}
