package dev.alambic.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.operator.lifecycle.Children.TrainerAction;
import dev.alambic.run.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job whose student several trainers train. */
class SeveralTrainersTest {
  private static final String TWO = "trainer: {replicas: 2}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "trainer: {replicas: 4}",
        "trainer: {replicas: 1}",
        "trainer: {replicas: 2, sharding: Optimizer}",
        "trainer: {replicas: 2, pod: {resources: {limits: {nvidia.com/gpu: 2}}}}"
      })
  void othersTakeOverFromACheckpoint(String others) {
    Story story = Story.training(TWO);
    assertThat(story.decide().desired().trainer()).isEqualTo(TrainerAction.Run);

    Step decision = story.spec(others).decide();

    assertThat(decision.desired().trainer()).isEqualTo(TrainerAction.Restart);
    assertThat(Story.reasons(decision)).contains("RestartingForTrainers");
    assertThat(story.condition(ConditionType.Training).getMessage())
        .startsWith("The trainer starts again as spec.trainer asks: replicas ");
    assertThat(story.running(Progress.State.Training, 1_000_000).decide().desired().trainer())
        .isEqualTo(TrainerAction.Run);
  }

  @Test
  void gpusOfAPodAreSaid() {
    Story story = Story.training(TWO);
    story.spec("trainer: {replicas: 1, pod: {resources: {limits: {nvidia.com/gpu: 4}}}}").decide();

    assertThat(story.condition(ConditionType.Training).getMessage())
        .endsWith("as spec.trainer asks: replicas 1 of 4 GPUs, sharding None");
  }

  @Test
  void shardingOneTrainerIsNoReasonToStop() {
    Story story = Story.training();

    assertThat(story.spec("trainer: {sharding: Full}").decide().desired().trainer())
        .isEqualTo(TrainerAction.Run);
  }

  @Test
  void othersThatCannotShareTheBatchAreRefusedAndThePresentOnesGoOn() {
    Story story = Story.training(TWO);
    Step decision = story.spec("trainer: {replicas: 3}").decide();

    assertThat(decision.desired().trainer()).isEqualTo(TrainerAction.Keep);
    assertThat(story.condition(ConditionType.Accepted).getMessage())
        .contains("spec.training.batchTokens: 3 trainers cannot share");
  }

  @Test
  void whoIsMissingIsSaid() {
    Story story = Story.training(TWO);
    story.preparing("waiting for trainers 1 of 2").decide();

    assertThat(story.reason(ConditionType.Training)).isEqualTo("Preparing");
    assertThat(story.condition(ConditionType.Training).getMessage())
        .isEqualTo("waiting for trainers 1 of 2");
    assertThat(story.condition(ConditionType.Reconciling).getMessage())
        .isEqualTo("waiting for trainers 1 of 2");
  }
}
