package dev.alambic.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.api.v1alpha1.Phase;
import dev.alambic.failure.ExitCode;
import dev.alambic.operator.lifecycle.Children.TrainerAction;
import dev.alambic.operator.lifecycle.ObservedState.WorkState;
import dev.alambic.run.Progress;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Mode Offline: first the cache is filled, then the student trains, and never both at once. */
class OfflineTest {
  private static final String OFFLINE =
      "signal: {mode: Offline, cache: {volume: {claimName: signals}}}";
  private static final long BUDGET = Story.BUDGET;

  private static Children children(TrainerAction trainer, TrainerAction fill) {
    return new Children(0, trainer, true, false, fill);
  }

  @Test
  void theCacheIsFilledBeforeTheStudentTrains() {
    Story story = Story.of(OFFLINE);
    assertThat(story.decide().desired()).isEqualTo(children(TrainerAction.None, TrainerAction.Run));

    Step decision = story.fill(WorkState.Running, null, 1, BUDGET).decide();
    assertThat(decision.desired()).isEqualTo(children(TrainerAction.None, TrainerAction.Run));
    assertThat(story.status.phase()).isEqualTo(Phase.Filling);
    assertThat(story.condition(ConditionType.TeacherReady).getMessage())
        .isEqualTo("Teachers fill the signal cache: 1 of 2 shards are done");
    assertThat(Story.reasons(decision)).contains("FillingCache");
    assertThat(story.kstatus()).containsExactly(ConditionType.Reconciling);

    decision = story.fill(WorkState.Succeeded, 0, 2, BUDGET).decide();
    assertThat(decision.desired()).isEqualTo(children(TrainerAction.Run, TrainerAction.Keep));
    assertThat(story.reason(ConditionType.TeacherReady)).isEqualTo("TeacherNotNeeded");
  }

  @Test
  void nothingIsFilledBesideATrainer() {
    Story story = Story.of(OFFLINE).fill(WorkState.Succeeded, 0, 2, BUDGET);
    story.decide();
    story.running(Progress.State.Training, 1_000_000).decide();
    assertThat(story.kstatus()).containsExactly(ConditionType.Ready);

    // Somebody tidies up ended Jobs.
    assertThat(story.fillGone().decide().desired())
        .isEqualTo(children(TrainerAction.Run, TrainerAction.Keep));
  }

  @Test
  void aLargerBudgetIsFilledBeforeItIsTrained() {
    Story story = Story.of(OFFLINE).fill(WorkState.Succeeded, 0, 2, BUDGET);
    story.decide();
    story.running(Progress.State.Training, 1_000_000).decide();
    story.fields.remove("tokenBudget: 10M");
    story.spec("tokenBudget: 20M");
    assertThat(story.decide().desired())
        .isEqualTo(children(TrainerAction.None, TrainerAction.None));

    // The trainer still writes its checkpoint.
    story.fillGone();
    assertThat(story.decide().desired().fill()).isEqualTo(TrainerAction.Keep);
    story.trainerGone();
    assertThat(story.decide().desired()).isEqualTo(children(TrainerAction.None, TrainerAction.Run));
    story.fill(WorkState.Succeeded, 0, 2, 2 * BUDGET);
    assertThat(story.decide().desired()).isEqualTo(children(TrainerAction.Run, TrainerAction.Keep));
  }

  @Test
  void aCacheThatLacksSomethingIsFilledAgain() {
    Story story = Story.of(OFFLINE).fill(WorkState.Succeeded, 0, 2, BUDGET);
    story.decide();
    story.failed(ExitCode.TEACHER_UNAVAILABLE.code(), 1, "the signal cache lacks sequences");
    assertThat(story.decide().desired())
        .isEqualTo(children(TrainerAction.None, TrainerAction.None));
    story.trainerGone().fillGone();
    assertThat(story.decide().desired()).isEqualTo(children(TrainerAction.None, TrainerAction.Run));
  }

  @Test
  void aFillThatFailsIsTriedAgainUnlessThatIsInVain() {
    Story story = Story.of(OFFLINE);
    story.decide();
    story.fill(WorkState.Failed, ExitCode.IO.code(), 1, BUDGET).decide();
    assertThat(story.condition(ConditionType.TeacherReady).getMessage())
        .isEqualTo("The signal cache is filled again after: fill: the disk is full");
    assertThat(story.after(Duration.ofSeconds(10)).decide().desired().fill())
        .isEqualTo(TrainerAction.Restart);

    story.fill(WorkState.Failed, ExitCode.DATA.code(), 1, BUDGET).decide();
    assertThat(story.status.phase()).isEqualTo(Phase.Failed);
    assertThat(story.reason(ConditionType.Failed)).isEqualTo("TeacherFailed");
  }

  @Test
  void aJobThatIsHeldFillsNothing() {
    Story story = Story.of(OFFLINE);
    story.decide();
    story.fill(WorkState.Running, null, 0, BUDGET).spec("suspend: true");
    assertThat(story.decide().desired().fill()).isEqualTo(TrainerAction.None);
  }

  @Test
  void aFillOfDaysMissesNoStartDeadlineButOneThatNeverStartsDoes() {
    Story story = Story.of(OFFLINE, "startDeadlineSeconds: 60");
    story.decide();
    story.fill(WorkState.Running, null, 0, BUDGET).after(Duration.ofDays(3)).decide();
    assertThat(story.status.phase()).isEqualTo(Phase.Filling);

    story.fill(WorkState.Pending, null, 0, BUDGET).decide();
    story.after(Duration.ofSeconds(61)).decide();
    assertThat(story.reason(ConditionType.Failed)).isEqualTo("StartDeadlineExceeded");
  }

  /** Whatever is seen in whatever order. */
  @Test
  void aFillAndATrainerAreNeverWantedAtOnce() {
    SplittableRandom random = new SplittableRandom(1);
    Story story = Story.of(OFFLINE);
    for (int step = 0; step < 2000; step++) {
      Step decision = story.decide();
      boolean starts = decision.desired().fill() == TrainerAction.Run && !story.fill.work().alive();
      boolean trains = decision.desired().trainer() == TrainerAction.Run;
      assertThat(starts && trains).isFalse();
      assertThat(starts && story.trainer.alive()).isFalse();
      boolean fills = story.fill.work().alive();
      assertThat(fills && trains && !story.trainer.alive()).isFalse();
      shake(story, random);
      if (story.status.phase() == Phase.Failed || story.status.phase() == Phase.Complete) {
        story = Story.of(OFFLINE);
      }
    }
  }

  private static void shake(Story story, SplittableRandom random) {
    switch (random.nextInt(8)) {
      case 0 -> story.fillGone();
      case 1 -> story.fill(WorkState.Running, null, 1, BUDGET);
      case 2 -> story.fill(WorkState.Succeeded, 0, 2, BUDGET);
      case 3 -> story.fill(WorkState.Failed, ExitCode.IO.code(), 0, BUDGET);
      case 4 -> story.trainerGone();
      case 5 -> story.running(Progress.State.Training, 1_000_000);
      case 6 -> story.failed(ExitCode.TEACHER_UNAVAILABLE.code(), 1, "lacks");
      default -> story.after(Duration.ofSeconds(30));
    }
  }
}
