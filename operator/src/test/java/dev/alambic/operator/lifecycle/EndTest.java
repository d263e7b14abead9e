package dev.alambic.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.api.v1alpha1.Phase;
import dev.alambic.api.v1alpha1.SaturationState;
import dev.alambic.operator.lifecycle.Children.TrainerAction;
import dev.alambic.run.Progress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a job ends, and that it stays ended. */
class EndTest {

  private static Progress.Saturation saved(long tokens) {
    return new Progress.Saturation(
        SaturationState.Saturated,
        null,
        new Progress.Gains(0.001, 0.01, null),
        new Progress.Range(1L, 2L, 3L),
        null,
        tokens,
        null);
  }

  @Test
  void aTrainerThatEndsWellCompletesTheJobAndFreesTheTeacher() {
    Story story = Story.training();
    story.modelUri = "file:///student";
    Step decision = story.after(Duration.ofHours(1)).succeeded().decide();

    assertThat(decision.desired()).isEqualTo(new Children(0, TrainerAction.Keep, false, false));
    assertThat(story.status.phase()).isEqualTo(Phase.Complete);
    assertThat(story.kstatus()).containsExactly(ConditionType.Ready);
    assertThat(story.reason(ConditionType.Complete)).isEqualTo("BudgetSpent");
    assertThat(story.status.completionTime()).isEqualTo("2026-11-24T13:00:00Z");
    assertThat(story.status.model().uri()).isEqualTo("file:///student");
    assertThat(Story.reasons(decision)).containsExactly("BudgetSpent");
  }

  @Test
  void aRunThatStoppedAtSaturationSaysWhatItSaved() {
    Story story = Story.training();
    story.progress = Story.progress(Progress.State.Complete, 6_000_000, saved(4_000_000));
    story.succeeded().decide();

    assertThat(story.reason(ConditionType.Complete)).isEqualTo("StoppedAtSaturation");
    assertThat(story.condition(ConditionType.Complete).getMessage())
        .isEqualTo("The student saturated; 4M tokens of the budget are saved");
    assertThat(story.is(ConditionType.Saturated)).isTrue();
  }

  @Test
  void aBudgetThatGrewBeforeTheEndWasSeenIsTrainedToo() {
    Story story = Story.training();
    Step decision = story.spec("tokenBudget: 20M").succeeded().decide();

    assertThat(decision.desired().trainer()).isEqualTo(TrainerAction.Restart);
    assertThat(story.status.phase()).isEqualTo(Phase.Starting);
  }

  @Test
  void aSaturatedRunIsNotStartedAgainByALargerBudget() {
    Story story = Story.training();
    story.progress = Story.progress(Progress.State.Complete, 6_000_000, saved(4_000_000));
    story.spec("tokenBudget: 20M").succeeded().decide();

    assertThat(story.status.phase()).isEqualTo(Phase.Complete);
  }

  @Test
  void aBudgetThatGrowsAfterTheEndIsTrainedToo() {
    Story story = Story.training("activeDeadlineSeconds: 7200");
    story.progress = Story.progress(Progress.State.Complete, 10_000_400, null);
    story.after(Duration.ofHours(1)).succeeded().decide();
    story.after(Duration.ofDays(3)).teacherGone().decide();
    assertThat(story.status.phase()).isEqualTo(Phase.Complete);

    Step decision = story.after(Duration.ofDays(1)).spec("tokenBudget: 20M").decide();
    assertThat(decision.desired().teacherReplicas()).isEqualTo(2);
    assertThat(story.status.phase()).isEqualTo(Phase.Starting);
    assertThat(story.is(ConditionType.Complete)).isFalse();
    assertThat(story.status.completionTime()).isNull();
    assertThat(story.status.startTime())
        .as("less the days of rest")
        .isEqualTo("2026-11-28T12:00:00Z");

    decision = story.teacherReady().decide();
    assertThat(decision.desired().trainer()).isEqualTo(TrainerAction.Restart);
    assertThat(story.status.phase()).isEqualTo(Phase.Starting);
  }

  @Test
  void aBudgetThatGrowsByLessThanTheLastBatchTookChangesNothing() {
    Story story = Story.training();
    story.progress = Story.progress(Progress.State.Complete, 10_000_400, null);
    story.succeeded().decide();

    story.spec("tokenBudget: 10000300").decide();
    assertThat(story.status.phase()).isEqualTo(Phase.Complete);
  }

  @Test
  void aSaturatedRunSaysThatItDoesNotTakeUpALargerBudget() {
    Story story = Story.training();
    story.progress = Story.progress(Progress.State.Complete, 6_000_000, saved(4_000_000));
    story.succeeded().decide();

    story.spec("tokenBudget: 20M").decide();
    story.decide();
    assertThat(story.status.phase()).isEqualTo(Phase.Complete);
    assertThat(story.condition(ConditionType.Complete).getMessage())
        .isEqualTo(
            "The student saturated; 4M tokens of the budget are saved; the larger budget is not"
                + " taken up: make a new job, with student.initFrom the student of this one");
  }

  @Test
  void aGrownBudgetKeepsTheBatchThatWasPlannedFirst() {
    Story story = Story.of();
    story.decide();
    assertThat(story.status.batch().tokens()).isEqualTo(4096);

    story.spec("tokenBudget: 20B").decide();
    assertThat(story.status.batch().tokens()).isEqualTo(4096);
    assertThat(story.status.batch().sequenceLength()).isEqualTo(512);
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 65, 66, 70})
  void aFatalExitCodeFailsTheJobAtOnceWithTheTrainersWords(int exitCode) {
    Story story = Story.training();
    Step decision = story.failed(exitCode, 1, "/corpus: no such folder").decide();

    assertThat(story.status.phase()).isEqualTo(Phase.Failed);
    assertThat(story.kstatus()).containsExactly(ConditionType.Stalled);
    assertThat(story.reason(ConditionType.Failed)).isEqualTo("TrainerFailed");
    assertThat(story.condition(ConditionType.Failed).getMessage())
        .isEqualTo("/corpus: no such folder");
    assertThat(decision.desired()).isEqualTo(new Children(0, TrainerAction.Keep, false, false));
    assertThat(decision.events())
        .containsExactly(new Event(Event.Type.Warning, "TrainerFailed", "/corpus: no such folder"));
  }

  @ParameterizedTest
  @ValueSource(ints = {69, 74, 137, 1})
  void aRetriableExitCodeIsTriedAgainAfterAWhile(int exitCode) {
    Story story = Story.training();
    Step waiting = story.failed(exitCode, 1, null).decide();

    assertThat(waiting.desired().trainer()).isEqualTo(TrainerAction.Run);
    assertThat(waiting.lookAgainIn()).contains(Duration.ofSeconds(10));
    assertThat(story.reason(ConditionType.Training)).isEqualTo("Restarting");
    assertThat(story.condition(ConditionType.Training).getMessage())
        .isEqualTo("The trainer starts again after: the trainer ended with exit code " + exitCode);
    assertThat(Story.reasons(waiting)).containsExactly("Restarting");

    Step again = story.after(Duration.ofSeconds(10)).decide();
    assertThat(again.desired().trainer()).isEqualTo(TrainerAction.Restart);
    assertThat(again.events()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1, 10", "2, 20", "3, 40", "6, 320", "7, 360", "1000, 360"})
  void theWaitDoublesUpToSixMinutes(int failures, long seconds) {
    Story story = Story.training("backoffLimit: 1000");

    assertThat(story.failed(74, failures, null).decide().lookAgainIn())
        .contains(Duration.ofSeconds(seconds));
  }

  @Test
  void aFailedTrainerIsNotStartedAgainWithoutATeacher() {
    Story story = Story.training();
    story.teacherStarting().failed(69, 1, "no teacher answers").decide();

    assertThat(story.after(Duration.ofMinutes(1)).decide().desired().trainer())
        .isEqualTo(TrainerAction.Run);
  }

  @Test
  void theBackoffLimitEndsTheRetries() {
    Story story = Story.training("backoffLimit: 2");
    story.failed(74, 2, "disk full").decide();
    assertThat(story.status.phase()).isEqualTo(Phase.Starting);
    story.failed(74, 3, "disk full").decide();

    assertThat(story.status.phase()).isEqualTo(Phase.Failed);
    assertThat(story.reason(ConditionType.Failed)).isEqualTo("BackoffLimitExceeded");
    assertThat(story.condition(ConditionType.Failed).getMessage())
        .isEqualTo("Failed 3 times, spec.backoffLimit is 2; the last time: disk full");
  }

  @Test
  void aTrainerStoppedOnRequestNeitherWaitsNorCounts() {
    Story story = Story.training("backoffLimit: 0");

    assertThat(story.failed(75, 0, "stopped on request").decide().desired().trainer())
        .isEqualTo(TrainerAction.Restart);
  }

  @Test
  void theTrainersLastProgressSpeaksIfItLeftNoOtherWords() {
    Story story = Story.training();
    Progress last = Story.progress(Progress.State.Failed, 2_000_000, null);
    story.progress =
        new Progress(
            last.version(),
            last.job(),
            new Progress.Stage(last.stage().state(), "the teacher's loss is not sane"),
            new Progress.Position(
                last.position().step(), last.position().tokens(), last.position().tokenBudget()),
            new Progress.Speed(null, null),
            new Progress.Learning(0, 0, null, null, last.learning().curve()),
            new Progress.Verdict(null, List.of()),
            new Progress.Saved(null, null, List.of(), null));
    story.failed(65, 1, " ").decide();

    assertThat(story.condition(ConditionType.Failed).getMessage())
        .isEqualTo("the teacher's loss is not sane");
  }

  @Test
  void theDeadlineEndsARunningJobAndStopsItsTrainer() {
    Story story = Story.training("activeDeadlineSeconds: 3600");
    story.after(Duration.ofMinutes(59)).decide();
    assertThat(story.status.phase()).isEqualTo(Phase.Training);
    Step decision = story.after(Duration.ofMinutes(1)).decide();

    assertThat(story.reason(ConditionType.Failed)).isEqualTo("DeadlineExceeded");
    assertThat(decision.desired()).isEqualTo(new Children(0, TrainerAction.None, false, false));
    assertThat(story.trainerGone().decide().desired().trainer()).isEqualTo(TrainerAction.Keep);
  }

  @Test
  void theDeadlineAlsoEndsAJobThatNeverGotToTrain() {
    Story story = Story.of("activeDeadlineSeconds: 3600");

    story.teacherBlocked("Unschedulable", "no GPU").decide();
    story.after(Duration.ofHours(1)).decide();
    assertThat(story.reason(ConditionType.Failed)).isEqualTo("DeadlineExceeded");
  }

  @Test
  void suspendedTimeDoesNotCountTowardsTheDeadline() {
    Story story = Story.training("activeDeadlineSeconds: 3600");
    story.after(Duration.ofMinutes(50)).spec("suspend: true").decide();
    story.trainerGone().teacherGone();
    assertThat(story.after(Duration.ofDays(3)).decide().lookAgainIn()).isEmpty();
    story.spec("suspend: false").decide();
    story.after(Duration.ofMinutes(9)).decide();
    assertThat(story.is(ConditionType.Failed)).isFalse();

    story.after(Duration.ofMinutes(1)).decide();
    assertThat(story.is(ConditionType.Failed)).isTrue();
  }

  @Test
  void aFinishedJobIsDeletedWhenItsTimeIsOver() {
    Story story = Story.training("ttlSecondsAfterFinished: 600");
    Step end = story.succeeded().decide();
    assertThat(end.desired().deleteJob()).isFalse();
    assertThat(end.lookAgainIn()).contains(Duration.ofMinutes(10));

    assertThat(story.after(Duration.ofSeconds(599)).decide().lookAgainIn())
        .contains(Duration.ofSeconds(1));
    Step over = story.after(Duration.ofSeconds(1)).decide();
    assertThat(over.desired().deleteJob()).isTrue();
    assertThat(over.lookAgainIn()).isEmpty();
  }

  @Test
  void aJobWithoutATimeToLiveStaysForEver() {
    Story story = Story.training();
    story.succeeded().decide();

    Step later = story.after(Duration.ofDays(1000)).decide();
    assertThat(later.desired().deleteJob()).isFalse();
    assertThat(later.lookAgainIn()).isEmpty();
  }

  @Test
  void aCompleteJobNeverRunsAgainBecauseItsChildrenAreGone() {
    Story story = Story.training();
    story.succeeded().decide();
    story.trainerGone().teacherReady();
    Step decision = story.after(Duration.ofDays(1)).spec("backoffLimit: 3").decide();

    assertThat(decision.desired()).isEqualTo(new Children(0, TrainerAction.Keep, false, false));
    assertThat(story.status.phase()).isEqualTo(Phase.Complete);
    assertThat(story.status.completionTime()).isEqualTo("2026-11-24T12:00:00Z");
    assertThat(story.reason(ConditionType.Complete)).isEqualTo("BudgetSpent");
    assertThat(decision.events()).isEmpty();
  }

  @Test
  void aFailedJobStaysFailedWhateverIsSeen() {
    Story story = Story.training();
    story.failed(65, 1, "bad data").decide();
    story.succeeded().spec("suspend: true").decide();

    assertThat(story.status.phase()).isEqualTo(Phase.Failed);
    assertThat(story.condition(ConditionType.Failed).getMessage()).isEqualTo("bad data");
    assertThat(story.is(ConditionType.Complete)).isFalse();
  }

  @Test
  void anEndWrittenByAnotherReleaseIsStillAnEnd() {
    Story story = Story.training();
    story.failed(65, 1, "bad data").decide();
    story.condition(ConditionType.Failed).setReason("SomethingNew");
    story.trainerGone().decide();

    assertThat(story.status.phase()).isEqualTo(Phase.Failed);
    assertThat(story.reason(ConditionType.Failed)).isEqualTo("TrainerFailed");
  }
}
