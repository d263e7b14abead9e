package dev.alambic.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.operator.lifecycle.Children.TrainerAction;
import dev.alambic.run.Progress;
import org.junit.jupiter.api.Test;

/** A teacher that is a server somewhere: nothing of it is ours, and the trainer asks it alone. */
class RemoteTeacherTest {
  private static final String SERVER =
      "{teacher: {runtime: OpenAI, endpoint: 'http://vllm:8000/v1'}, signal: {encoding: TopK}}";

  @Test
  void theTrainerStartsAtOnce() {
    Story story = Story.of(SERVER);
    Children children = story.decide().desired();
    assertThat(children.teacherReplicas()).isZero();
    assertThat(children.trainer()).isEqualTo(TrainerAction.Run);
    assertThat(story.is(ConditionType.TeacherReady)).isFalse();
    assertThat(story.reason(ConditionType.TeacherReady)).isEqualTo("TeacherAwaited");
    assertThat(story.condition(ConditionType.TeacherReady).getMessage())
        .isEqualTo("The trainer asks http://vllm:8000/v1 when it starts");
  }

  @Test
  void isReadyOnceTheTrainerLearnsFromIt() {
    Story story = Story.of(SERVER);
    story.decide();
    story.running(Progress.State.WaitingForTeacher, 0).decide();
    assertThat(story.condition(ConditionType.TeacherReady).getMessage())
        .isEqualTo("The trainer waits for an answer of http://vllm:8000/v1");
    Step decision = story.running(Progress.State.Training, 1_000_000).decide();
    assertThat(story.is(ConditionType.TeacherReady)).isTrue();
    assertThat(decision.desired().teacherReplicas()).isZero();
    assertThat(decision.status().teacher().endpoint()).isEqualTo("http://vllm:8000/v1");
  }
}
