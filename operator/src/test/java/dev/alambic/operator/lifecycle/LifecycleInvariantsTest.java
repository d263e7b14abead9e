package dev.alambic.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.api.v1alpha1.DistillationJobStatus;
import dev.alambic.api.v1alpha1.Phase;
import dev.alambic.api.v1alpha1.SaturationState;
import dev.alambic.operator.lifecycle.Children.TrainerAction;
import dev.alambic.operator.lifecycle.ObservedState.Teacher;
import dev.alambic.operator.lifecycle.ObservedState.Work;
import dev.alambic.operator.lifecycle.ObservedState.WorkState;
import dev.alambic.run.Progress;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random lives of jobs, also impossible ones: what must hold of every decision. */
class LifecycleInvariantsTest {
  private static final List<Integer> EXIT_CODES = List.of(1, 64, 65, 66, 69, 70, 74, 75, 137);
  private static final List<WorkState> TRAINER_STATES = List.of(WorkState.values());

  @Test
  void everyDecisionOfEveryLifeKeepsTheInvariants() {
    Map<ConditionType, Integer> seen = new EnumMap<>(ConditionType.class);
    for (int life = 0; life < 60; life++) {
      Random random = new Random(life);
      Story story =
          Story.of(
              "backoffLimit: " + random.nextInt(4),
              random.nextBoolean() ? "activeDeadlineSeconds: 7200" : "suspend: false",
              random.nextBoolean() ? "ttlSecondsAfterFinished: 600" : "suspend: false");
      for (int step = 0; step < 30; step++) {
        happen(story, random);
        DistillationJobStatus before = story.status;
        Step decision = story.decide();
        check(story, before, decision);
        count(story, seen);
      }
    }
    // The lives are rich enough for the test to mean something.
    assertThat(seen.keySet()).containsExactlyInAnyOrder(ConditionType.values());
    assertThat(seen.values()).allMatch(times -> times >= 20);
  }

  private static void happen(Story story, Random random) {
    story.after(Duration.ofSeconds(random.nextInt(900)));
    switch (random.nextInt(12)) {
      case 0 -> story.spec("suspend: true");
      case 1, 2 -> story.spec("suspend: false");
      case 3 -> story.spec("tokenBudget: " + (10 + story.generation) + "M");
      case 4 -> story.spec("objective: {temperature: '" + (random.nextInt(4) == 0 ? -1 : 1) + "'}");
      case 5 -> story.teacherGone();
      case 6 -> story.teacher = new Teacher(2, 0, Problem.of("ImagePullBackOff", null), null);
      case 7, 8 -> story.teacherReady();
      default -> story.trainer = trainer(story, random);
    }
    story.progress = random.nextInt(4) == 0 ? null : progress(random);
  }

  private static Work trainer(Story story, Random random) {
    WorkState state = TRAINER_STATES.get(random.nextInt(TRAINER_STATES.size()));
    if (state == WorkState.Succeeded && random.nextInt(3) > 0) {
      state = WorkState.Running;
    }
    return new Work(
        state,
        random.nextBoolean() ? Problem.of("Unschedulable", "no GPU") : null,
        state == WorkState.Failed ? EXIT_CODES.get(random.nextInt(EXIT_CODES.size())) : null,
        random.nextBoolean() ? "last words" : null,
        random.nextInt(4),
        random.nextBoolean() ? story.now : null,
        random.nextBoolean() ? new ObservedState.Order(Story.BUDGET, false) : null,
        state == WorkState.Pending ? story.now : null);
  }

  private static Progress progress(Random random) {
    List<SaturationState> verdicts = List.of(SaturationState.values());
    Progress.Saturation saturation =
        new Progress.Saturation(
            verdicts.get(random.nextInt(verdicts.size())),
            null,
            new Progress.Gains(random.nextDouble(), null, null),
            new Progress.Range(null, null, null),
            null,
            null,
            null);
    List<Progress.State> all = List.of(Progress.State.values());
    return Story.progress(
        all.get(random.nextInt(all.size())),
        random.nextInt(12_000_000),
        random.nextBoolean() ? saturation : null);
  }

  private static void check(Story story, DistillationJobStatus before, Step decision) {
    checkKstatus(story);
    checkConditions(story, before);
    checkChildren(story, decision.desired());
    checkTerminal(story, before, decision);
    checkIdempotent(story, decision);
  }

  private static void checkKstatus(Story story) {
    assertThat(story.kstatus()).hasSize(1);
    boolean failed = story.is(ConditionType.Failed);
    assertThat(story.is(ConditionType.Stalled))
        .isEqualTo(
            failed || (!story.is(ConditionType.Accepted) && !story.is(ConditionType.Suspended)));
    if (story.is(ConditionType.Ready)) {
      assertThat(story.is(ConditionType.Training) || story.is(ConditionType.Complete)).isTrue();
    }
  }

  private static void checkConditions(Story story, DistillationJobStatus before) {
    Set<String> types = new HashSet<>();
    for (Condition condition : story.status.conditions()) {
      assertThat(types.add(condition.getType())).isTrue();
      assertThat(condition.getObservedGeneration()).isEqualTo(story.generation);
      assertThat(Instant.parse(condition.getLastTransitionTime())).isBeforeOrEqualTo(story.now);
      assertThat(condition.getMessage()).isNotNull();
      Reason.valueOf(condition.getReason());
    }
    assertThat(types).hasSize(ConditionType.values().length);
    if (before != null) {
      assertThat(story.status.observedGeneration())
          .isGreaterThanOrEqualTo(before.observedGeneration());
      assertThat(before.startTime() == null || story.status.startTime() != null).isTrue();
    }
  }

  private static void checkChildren(Story story, Children desired) {
    if (story.is(ConditionType.Suspended)) {
      assertThat(desired).isEqualTo(new Children(0, TrainerAction.None, false, false));
    }
    boolean starts =
        desired.trainer() == TrainerAction.Restart
            || (desired.trainer() == TrainerAction.Run
                && story.trainer.state() == WorkState.Absent);
    if (starts) {
      assertThat(story.teacher.readyReplicas()).isPositive();
      assertThat(story.is(ConditionType.Accepted)).isTrue();
      assertThat(desired.teacherReplicas()).isEqualTo(2);
    }
    assertThat(desired.deleteJob() && story.status.completionTime() == null).isFalse();
  }

  private static void checkTerminal(Story story, DistillationJobStatus before, Step decision) {
    boolean complete = story.is(ConditionType.Complete);
    boolean failed = story.is(ConditionType.Failed);
    assertThat(complete && failed).isFalse();
    assertThat(story.status.completionTime() != null).isEqualTo(complete || failed);
    if (complete || failed) {
      assertThat(decision.desired().teacherReplicas()).isZero();
      assertThat(decision.desired().volumes()).isFalse();
      assertThat(decision.desired().trainer())
          .isEqualTo(story.trainer.alive() ? TrainerAction.None : TrainerAction.Keep);
    }
    if (before != null && before.completionTime() != null && !reopened(story, before)) {
      assertThat(story.status.phase()).isEqualTo(before.phase());
      assertThat(story.status.completionTime()).isEqualTo(before.completionTime());
      assertThat(story.status.startTime()).isEqualTo(before.startTime());
    }
  }

  /** The one end that does not last: a spent budget that has grown. */
  private static boolean reopened(Story story, DistillationJobStatus before) {
    return before.phase() == Phase.Complete
        && story.status.progress().tokenBudget() > before.progress().tokenBudget();
  }

  private static void checkIdempotent(Story story, Step decision) {
    Step again = story.decide();
    assertThat(again.status()).isEqualTo(decision.status());
    assertThat(again.desired()).isEqualTo(decision.desired());
    assertThat(again.lookAgainIn()).isEqualTo(decision.lookAgainIn());
    assertThat(again.events()).isEmpty();
  }

  private static void count(Story story, Map<ConditionType, Integer> seen) {
    for (ConditionType type : ConditionType.values()) {
      if (story.is(type)) {
        seen.merge(type, 1, Integer::sum);
      }
    }
  }
}
