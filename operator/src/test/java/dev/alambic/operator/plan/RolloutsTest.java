package dev.alambic.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.alambic.run.RunSpec;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutsTest {
  private static final String[] POST_TRAINING = {
    "stage: PostTraining",
    "student: {initFrom: {uri: 'file:///start'}}",
    "data: {format: JSONLines}",
    "rollout: {maxNewTokens: 100}"
  };

  private static String[] with(String... more) {
    String[] all = Arrays.copyOf(POST_TRAINING, POST_TRAINING.length + more.length);
    System.arraycopy(more, 0, all, POST_TRAINING.length, more.length);
    return all;
  }

  @Test
  void whatIsLeftOutIsFilledIn() {
    RunPlan plan = Specs.plan(Specs.toy(), with("training: {seed: 5}"));
    RunSpec.Rollout rollout = plan.unplaced().rollout();
    assertThat(rollout.temperature()).isEqualTo(1);
    assertThat(rollout.topP()).isEqualTo(1);
    assertThat(rollout.maxNewTokens()).isEqualTo(100);
    assertThat(rollout.samplesPerPrompt()).isEqualTo(1);
    assertThat(rollout.onPolicyFraction()).isEqualTo(1);
    assertThat(rollout.seed()).isEqualTo(5);
    assertThat(rollout.slots()).isBetween(2, 32);
  }

  @Test
  void aSequenceHasRoomForAPromptAndTheRateIsATenth() {
    RunPlan post = Specs.plan(Specs.toy(), POST_TRAINING);
    RunPlan plain = Specs.plan(Specs.toy());
    assertThat(post.training().sequenceLength()).isGreaterThanOrEqualTo(200);
    assertThat(post.training().rate().peakLearningRate())
        .isCloseTo(plain.training().rate().peakLearningRate() / 10, within(1e-12));
    assertThat(plain.unplaced().rollout()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          training: {sequenceLength: 100} | rollout.maxNewTokens: 100 leave no room for a prompt in spec.training.sequenceLength 100
          rollout: {topP: '0'} | rollout.topP: "0" must be a number from 0.000001 to 1
          objective: {labelWeight: '0.5'} | objective.labelWeight: a student learns nothing from its own tokens: set 0 or leave it out
          data: {format: Text} | data.format: stage PostTraining reads prompts, one JSON object a line: set JSONLines
          """)
  void whatIsWrongIsSaidInOneLine(String field, String problem) {
    PlanException refusal =
        catchThrowableOfType(
            PlanException.class, () -> Planner.plan("job", Specs.with(with(field)), Specs.toy()));
    assertThat(refusal.problems()).containsExactly("spec." + problem);
  }
}
