package dev.alambic.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.api.v1alpha1.Phase;
import dev.alambic.operator.lifecycle.Children.TrainerAction;
import dev.alambic.operator.lifecycle.ObservedState.Work;
import dev.alambic.operator.lifecycle.ObservedState.WorkState;
import dev.alambic.run.Progress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A trainer of which nobody can tell whether it still runs is not called running. */
class NodeLostTest {
  private static final Problem LOST =
      Problem.of(Problem.NODE_LOST, "pod a on node n: the node does not answer");

  private static Story lost(Problem problem) {
    Story story = Story.training();
    Work ran = story.trainer;
    story.trainer =
        new Work(WorkState.Running, problem, null, null, 0, null, ran.order(), ran.pendingSince());
    return story;
  }

  @Test
  void itIsSaidAtOnceAndToldOnce() {
    Story story = lost(LOST);
    assertThat(Story.reasons(story.decide())).containsExactly("NodeLost");
    assertThat(story.condition(ConditionType.Training).getStatus()).isEqualTo("False");
    assertThat(story.condition(ConditionType.Training).getMessage()).isEqualTo(LOST.message());
    assertThat(story.status.phase()).isEqualTo(Phase.Pending);
    assertThat(story.kstatus()).containsExactly(ConditionType.Reconciling);
    assertThat(story.decide().events()).isEmpty();
  }

  @Test
  void nothingIsStartedBesideIt() {
    Story story = lost(LOST);
    assertThat(story.decide().desired().trainer())
        .as("the one there is")
        .isEqualTo(TrainerAction.Run);
  }

  @Test
  void aNodeThatComesBackTrainsOn() {
    Story story = lost(LOST);
    story.decide();
    story.running(Progress.State.Training, 1_100_000);
    assertThat(Story.reasons(story.decide())).containsExactly("Training");
  }

  @Test
  void aPodThatGoesInTimeIsNoProblem() {
    Story story = lost(LOST.from(Story.START.plusSeconds(60)));
    story.decide();
    assertThat(story.reason(ConditionType.Training)).isEqualTo("Training");
    story.after(Duration.ofSeconds(59)).decide();
    assertThat(story.reason(ConditionType.Training)).isEqualTo("Training");
    story.after(Duration.ofSeconds(1)).decide();
    assertThat(story.reason(ConditionType.Training)).isEqualTo("NodeLost");
  }

  @Test
  void aHeldJobWhoseTrainerDoesNotGoSaysSo() {
    Story story = lost(LOST.from(Story.START.plusSeconds(60)));
    Step held = story.spec("suspend: true").decide();
    assertThat(story.reason(ConditionType.Training)).isEqualTo("Stopping");
    assertThat(held.lookAgainIn()).as("nothing that is watched changes then").isPresent();
    story.after(Duration.ofSeconds(60)).decide();
    assertThat(story.reason(ConditionType.Training)).isEqualTo("NodeLost");
    story.trainerGone();
    assertThat(story.decide().lookAgainIn()).isEmpty();
  }

  @Test
  void aShardOfALostNodeBlocksTheTeacher() {
    Story story = Story.of("signal: {mode: Offline, cache: {}}");
    story.fill(WorkState.Running, null, 0, Story.BUDGET);
    Work work = story.fill.work();
    story.fill =
        new ObservedState.Fill(
            new Work(work.state(), LOST, null, null, 0, null, work.order(), null), 2, 0);
    story.decide();
    assertThat(story.reason(ConditionType.TeacherReady)).isEqualTo("TeacherBlocked");
    assertThat(story.condition(ConditionType.TeacherReady).getMessage()).isEqualTo(LOST.words());
  }
}
