package dev.alambic.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.api.v1alpha1.Phase;
import dev.alambic.operator.lifecycle.Children.TrainerAction;
import dev.alambic.run.Progress;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From a new job to one that trains. */
class StartTest {

  @Test
  void aNewJobGetsItsTeacherAndVolumesButNoTrainerYet() {
    Story story = Story.of();
    Step decision = story.decide();

    assertThat(decision.desired()).isEqualTo(new Children(2, TrainerAction.None, true, false));
    assertThat(story.status.phase()).isEqualTo(Phase.Starting);
    assertThat(story.is(ConditionType.Accepted)).isTrue();
    assertThat(story.reason(ConditionType.TeacherReady)).isEqualTo("TeacherStarting");
    assertThat(story.reason(ConditionType.Training)).isEqualTo("WaitingForTeacher");
    assertThat(story.kstatus()).containsExactly(ConditionType.Reconciling);
    assertThat(story.status.startTime()).isEqualTo("2026-11-24T12:00:00Z");
  }

  @Test
  void everyConditionIsThereOnceWithReasonAndGeneration() {
    Story story = Story.of();
    story.generation = 4;
    story.decide();

    assertThat(story.status.conditions())
        .extracting(Condition::getType)
        .containsExactly(
            "Accepted",
            "TeacherReady",
            "Training",
            "Saturated",
            "Suspended",
            "Complete",
            "Failed",
            "Ready",
            "Reconciling",
            "Stalled");
    assertThat(story.status.conditions())
        .allMatch(condition -> condition.getObservedGeneration() == 4)
        .allMatch(condition -> condition.getReason().matches("[A-Z][A-Za-z]+"));
    assertThat(story.status.observedGeneration()).isEqualTo(4);
  }

  @Test
  void theTrainerStartsWhenATeacherAnswers() {
    Story story = Story.of();
    story.decide();
    Step decision = story.teacherReady().decide();

    assertThat(decision.desired().trainer()).isEqualTo(TrainerAction.Run);
    assertThat(story.is(ConditionType.TeacherReady)).isTrue();
    assertThat(story.condition(ConditionType.TeacherReady).getMessage())
        .isEqualTo("2 of 2 teachers answer");
    assertThat(Story.reasons(decision)).containsExactly("TeacherAnswers");
  }

  @Test
  void theJobIsReadyWhenTheTrainerMakesSteps() {
    Story story = Story.training();

    assertThat(story.status.phase()).isEqualTo(Phase.Training);
    assertThat(story.kstatus()).containsExactly(ConditionType.Ready);
    assertThat(story.reason(ConditionType.Training)).isEqualTo("Training");
  }

  @Test
  void aTrainerThatRunsButOnlyPreparesIsNotTraining() {
    Story story = Story.training();
    for (Progress.State state :
        List.of(
            Progress.State.Preparing, Progress.State.WaitingForTeacher, Progress.State.Suspended)) {
      story.running(state, 1000).decide();
      assertThat(story.status.phase()).as("%s", state).isEqualTo(Phase.Starting);
      assertThat(story.kstatus()).containsExactly(ConditionType.Reconciling);
    }
  }

  @Test
  void aTrainerAboutToEndIsNotSaidToStart() {
    Story story = Story.training();
    story.running(Progress.State.Complete, 1000).decide();
    assertThat(story.status.phase()).isEqualTo(Phase.Training);
    assertThat(story.kstatus()).containsExactly(ConditionType.Reconciling);
  }

  @Test
  void aTrainerThatHasSaidNothingIsNotTraining() {
    Story story = Story.training();
    story.progress = null;
    story.decide();

    assertThat(story.reason(ConditionType.Training)).isEqualTo("TrainerStarting");
    assertThat(story.status.progress().tokens()).isEqualTo(1_000_000);
  }

  @Test
  void aTrainerGoesOnWhenItsTeacherIsGone() {
    Story story = Story.training();
    Step decision = story.teacherStarting().decide();

    assertThat(decision.desired().trainer()).isEqualTo(TrainerAction.Run);
    assertThat(decision.desired().teacherReplicas()).isEqualTo(2);
    assertThat(story.is(ConditionType.TeacherReady)).isFalse();
  }

  @Test
  void aTeacherThatCannotStartSaysWhy() {
    Story story = Story.of();
    story.decide();
    Step decision =
        story.teacherBlocked("ImagePullBackOff", "Back-off pulling image \"nope\"").decide();

    assertThat(story.reason(ConditionType.TeacherReady)).isEqualTo("TeacherBlocked");
    assertThat(story.condition(ConditionType.TeacherReady).getMessage())
        .isEqualTo("ImagePullBackOff: Back-off pulling image \"nope\"");
    assertThat(story.status.phase()).isEqualTo(Phase.Pending);
    assertThat(decision.events())
        .containsExactly(
            new Event(
                Event.Type.Warning,
                "TeacherBlocked",
                "ImagePullBackOff: Back-off pulling image \"nope\""));
  }

  @Test
  void aTrainerThatCannotBeScheduledSaysWhy() {
    Story story = Story.of();
    story.teacherReady().decide();
    story
        .trainerPending(Problem.of("Unschedulable", "0/3 nodes: Insufficient nvidia.com/gpu"))
        .decide();

    assertThat(story.reason(ConditionType.Training)).isEqualTo("TrainerBlocked");
    assertThat(story.condition(ConditionType.Reconciling).getMessage())
        .isEqualTo("Unschedulable: 0/3 nodes: Insufficient nvidia.com/gpu");
    assertThat(story.status.phase()).isEqualTo(Phase.Pending);

    story.trainerPending(null).decide();
    assertThat(story.status.phase()).isEqualTo(Phase.Starting);
  }

  @Test
  void adviceIsToldOnceAndStaysInTheStatus() {
    Story story = Story.of("student: {size: 4M}");
    Step first = story.decide();
    Step second = story.decide();

    assertThat(first.events())
        .anyMatch(event -> event.reason().equals("Advice") && event.message().contains("teacher"));
    assertThat(second.events()).isEmpty();
    assertThat(story.status.advice()).anyMatch(line -> line.contains("not smaller"));
  }

  @Test
  void aSpecWithoutAPlanStartsNothingAndNeedsAPerson() {
    Story story = Story.of("training: {sequenceLength: 4096}");
    Step decision = story.decide();

    assertThat(decision.desired()).isEqualTo(new Children(0, TrainerAction.Keep, false, false));
    assertThat(story.is(ConditionType.Accepted)).isFalse();
    assertThat(story.condition(ConditionType.Accepted).getMessage())
        .isEqualTo(
            "spec.training.sequenceLength: 4096 is over the teacher's context of 512 tokens");
    assertThat(story.kstatus()).containsExactly(ConditionType.Stalled);
    assertThat(story.status.phase()).isEqualTo(Phase.Pending);
    assertThat(story.status.startTime()).isNull();
    assertThat(Story.reasons(decision)).containsExactly("InvalidSpec");
  }

  @Test
  void aSpecThatIsMendedIsTakenUp() {
    Story story = Story.of("training: {sequenceLength: 4096}");
    story.decide();
    Step decision = story.spec("training: {sequenceLength: 256}").decide();

    assertThat(decision.desired().teacherReplicas()).isEqualTo(2);
    assertThat(story.kstatus()).containsExactly(ConditionType.Reconciling);
    assertThat(story.status.observedGeneration()).isEqualTo(2);
  }

  @Test
  void aRunIsNotStoppedByASpecWithoutAPlan() {
    Story story = Story.training();
    Step decision = story.spec("objective: {temperature: '-1'}").decide();

    assertThat(decision.desired()).isEqualTo(new Children(2, TrainerAction.Keep, false, false));
    assertThat(story.kstatus()).containsExactly(ConditionType.Stalled);
    assertThat(story.is(ConditionType.Training)).isTrue();
  }

  @Test
  void aLargerBudgetRestartsTheTrainerFromItsCheckpoint() {
    Story story = Story.training();
    Step decision = story.spec("tokenBudget: 20M").decide();

    assertThat(decision.desired().trainer()).isEqualTo(TrainerAction.Restart);
    assertThat(story.kstatus()).containsExactly(ConditionType.Reconciling);
    assertThat(story.reason(ConditionType.Ready)).isEqualTo("RestartingForBudget");
    assertThat(story.status.progress().summary()).isEqualTo("1M/20M");
    assertThat(story.status.observedGeneration()).isEqualTo(2);
    assertThat(Story.reasons(decision)).containsExactly("RestartingForBudget");
  }

  @Test
  void aLargerBudgetWaitsForATeacherBeforeTheTrainerIsStopped() {
    Story story = Story.training();
    Step decision = story.teacherStarting().spec("tokenBudget: 20M").decide();

    assertThat(decision.desired().trainer()).isEqualTo(TrainerAction.Run);
  }

  @Test
  void aTrainerWithTheLargerBudgetIsLeftAlone() {
    Story story = Story.training();
    story.spec("tokenBudget: 20M").decide();
    story.trainer =
        new ObservedState.Work(
            ObservedState.WorkState.Running,
            null,
            null,
            null,
            0,
            null,
            new ObservedState.Order(20_000_000L, false),
            null);

    assertThat(story.decide().desired().trainer()).isEqualTo(TrainerAction.Run);
    assertThat(story.kstatus()).containsExactly(ConditionType.Ready);
  }

  @Test
  void whatStartsOrRunsIsLookedAtAgainSoon() {
    assertThat(Story.of().decide().lookAgainIn())
        .hasValueSatisfying(wait -> assertThat(wait).hasSeconds(15));
    assertThat(Story.training().decide().lookAgainIn())
        .hasValueSatisfying(wait -> assertThat(wait).hasSeconds(15));
  }
}
