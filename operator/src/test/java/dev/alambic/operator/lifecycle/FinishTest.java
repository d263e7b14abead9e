package dev.alambic.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.api.v1alpha1.Phase;
import dev.alambic.api.v1alpha1.SaturationState;
import dev.alambic.api.v1alpha1.StopCause;
import dev.alambic.operator.lifecycle.Children.TrainerAction;
import dev.alambic.run.Progress;
import org.junit.jupiter.api.Test;

/** A run that ends early, by itself or because somebody asked, and what it says of that. */
class FinishTest {
  private static final String GPUS = "{limits: {nvidia.com/gpu: 2}}";

  private static Progress.Saturation saved(long tokens, StopCause cause) {
    return new Progress.Saturation(
        SaturationState.Improving,
        null,
        new Progress.Gains(0.01, 0.05, 0.12),
        new Progress.Range(1L, 2L, 3L),
        null,
        tokens,
        cause);
  }

  @Test
  void aRequestIsTakenUpByARunningTrainerFromItsCheckpoint() {
    Story story = Story.training();
    story.finish = true;
    Step decision = story.decide();

    assertThat(decision.desired().trainer()).isEqualTo(TrainerAction.Restart);
    assertThat(story.reason(ConditionType.Training)).isEqualTo("RestartingToFinish");
    assertThat(Story.reasons(decision)).containsExactly("RestartingToFinish");

    Step after = story.finishing(1_100_000, saved(8_000_000, StopCause.Request)).decide();
    assertThat(after.desired().trainer()).isEqualTo(TrainerAction.Run);
    assertThat(story.reason(ConditionType.Training)).isEqualTo("CoolingDown");
    assertThat(story.condition(ConditionType.Training).getMessage())
        .isEqualTo(
            "The learning rate decays to its end early, as alambic.dev/finish asked;"
                + " 8M tokens of the budget are saved");
  }

  @Test
  void theEndSaysThatItWasByHand() {
    Story story = Story.training();
    story.finish = true;
    story.decide();
    story.finishing(1_100_000, saved(0, StopCause.Request)).decide();
    Step decision = story.succeeded().decide();

    assertThat(story.status.phase()).isEqualTo(Phase.Complete);
    assertThat(Story.reasons(decision)).containsExactly("FinishedOnRequest");
    assertThat(story.condition(ConditionType.Complete).getMessage())
        .startsWith("Finished as alambic.dev/finish asked; 0 tokens");
    assertThat(story.status.saturation().stoppedBy()).isEqualTo(StopCause.Request);
  }

  @Test
  void aDecayThatHasBegunIsNotDisturbed() {
    Story story = Story.training();
    story.running(Progress.State.CoolingDown, 9_500_000).decide();
    story.finish = true;

    assertThat(story.decide().desired().trainer()).isEqualTo(TrainerAction.Run);
  }

  @Test
  void aCosineIsTakenUpThoughItAlwaysDecays() {
    Story story = Story.training("training: {schedule: Cosine}");
    story.running(Progress.State.CoolingDown, 5_000_000).decide();
    story.finish = true;

    assertThat(story.decide().desired().trainer()).isEqualTo(TrainerAction.Restart);
  }

  @Test
  void aJobThatCarriesTheRequestFromTheStartIsStartedWithIt() {
    Story story = Story.of();
    story.finish = true;
    story.teacherReady();

    assertThat(story.decide().desired().trainer()).isEqualTo(TrainerAction.Run);
  }

  @Test
  void gpuHoursAreThoseOfTeacherAndTrainerAtTheLastSpeed() {
    Story story =
        Story.training(
            "trainer: {pod: {resources: " + GPUS + "}}",
            "teacher: {pod: {resources: " + GPUS + "}}");
    // 3.6M tokens at 1000 a second are an hour of 2 trainer and 2 x 2 teacher GPUs.
    story.progress =
        Story.progress(
            Progress.State.CoolingDown, 5_000_000, saved(3_600_000, StopCause.Saturation));
    story.decide();

    assertThat(story.status.saturation().savedTokens()).isEqualTo(3_600_000);
    assertThat(story.status.saturation().savedGpuHours()).isEqualTo("6");
    assertThat(story.status.saturation().gainPerDecade()).isEqualTo("0.12");
    assertThat(story.condition(ConditionType.Training).getMessage())
        .endsWith("is saturated; 3.6M tokens (about 6 GPU-hours) of the budget are saved");
    story.progress = null;
    story.decide();
    assertThat(story.status.saturation().savedGpuHours()).isEqualTo("6");
  }
}
