package dev.alambic.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.api.v1alpha1.Phase;
import dev.alambic.operator.lifecycle.Children.TrainerAction;
import dev.alambic.operator.lifecycle.ObservedState.Teacher;
import dev.alambic.operator.lifecycle.ObservedState.Work;
import dev.alambic.operator.lifecycle.ObservedState.WorkState;
import dev.alambic.run.Progress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A job that cannot start gives its GPUs back. */
class StartDeadlineTest {
  private static final Problem NO_GPU =
      Problem.of("Unschedulable", "pod job-trainer-0-x: 0/3 nodes: Insufficient nvidia.com/gpu");

  @Test
  void aTeacherThatNeverAnswersEndsTheJob() {
    Story story = Story.of("startDeadlineSeconds: 600");
    assertThat(story.teacherBlocked("ImagePullBackOff", "pod t: no such image").decide().events())
        .extracting(Event::reason)
        .contains("TeacherBlocked");
    story.after(Duration.ofSeconds(599)).decide();
    assertThat(story.is(ConditionType.Failed)).isFalse();

    Step over = story.after(Duration.ofSeconds(1)).decide();
    assertThat(story.condition(ConditionType.Failed).getMessage())
        .isEqualTo(
            "Waited for the 600 s of spec.startDeadlineSeconds for a teacher that answers; last:"
                + " ImagePullBackOff: pod t: no such image");
    assertThat(story.reason(ConditionType.Failed)).isEqualTo("StartDeadlineExceeded");
    assertThat(Story.reasons(over)).contains("StartDeadlineExceeded");
    assertThat(over.desired().teacherReplicas()).isZero();
  }

  @Test
  void aTrainerThatNeverRunsEndsTheJobThoughItsTeacherAnswers() {
    Story story = Story.of("startDeadlineSeconds: 600").teacherReady();
    story.decide();
    story.after(Duration.ofMinutes(8)).trainerPending(NO_GPU);
    assertThat(story.decide().lookAgainIn().orElseThrow()).isLessThan(Duration.ofMinutes(10));
    story.after(Duration.ofMinutes(9)).decide();
    assertThat(story.status.phase()).isEqualTo(Phase.Pending);

    Step over = story.after(Duration.ofMinutes(1)).decide();
    assertThat(story.condition(ConditionType.Failed).getMessage()).endsWith(NO_GPU.words());
    assertThat(over.desired()).isEqualTo(new Children(0, TrainerAction.None, false, false));
  }

  @Test
  void theWaitIsAnHourWhereTheSpecSaysNothing() {
    Story story = Story.of();
    assertThat(story.decide().lookAgainIn()).isPresent();
    story.after(Duration.ofMinutes(59)).decide();
    assertThat(story.is(ConditionType.Failed)).isFalse();
    story.after(Duration.ofMinutes(1)).decide();
    assertThat(story.is(ConditionType.Failed)).isTrue();
  }

  @Test
  void trainingAndPreparingAreNoWait() {
    Story story = Story.training("startDeadlineSeconds: 60");
    story.after(Duration.ofDays(2)).running(Progress.State.Preparing, 0).decide();
    assertThat(story.is(ConditionType.Failed)).isFalse();
  }

  @Test
  void aTeacherLostInTheMiddleOfARunStartsANewWait() {
    Story story = Story.training("startDeadlineSeconds: 600");
    story.after(Duration.ofDays(2)).teacherStarting().trainerPending(null).decide();
    assertThat(story.is(ConditionType.Failed)).isFalse();
    story.after(Duration.ofMinutes(10)).decide();
    assertThat(story.reason(ConditionType.Failed)).isEqualTo("StartDeadlineExceeded");
  }

  @Test
  void suspendedTimeIsNoWait() {
    Story story = Story.training("startDeadlineSeconds: 600");
    story.spec("suspend: true").decide();
    story.trainerGone().teacherGone().decide();
    story.after(Duration.ofDays(3)).spec("suspend: false").decide();
    story.after(Duration.ofMinutes(9)).teacherStarting().decide();
    assertThat(story.is(ConditionType.Failed)).isFalse();
    story.after(Duration.ofMinutes(1)).decide();
    assertThat(story.is(ConditionType.Failed)).isTrue();
  }

  @Test
  void aTeacherThatCannotWorkEndsTheJobAtOnce() {
    Story story = Story.of();
    story.decide();
    story.teacher = new Teacher(2, 0, Problem.fatal("ExitCode66", "pod t: no config.json"), null);
    story.decide();
    assertThat(story.reason(ConditionType.Failed)).isEqualTo("TeacherFailed");
    assertThat(story.condition(ConditionType.Failed).getMessage())
        .isEqualTo("ExitCode66: pod t: no config.json");
  }

  @Test
  void oneBrokenReplicaBesideOneThatAnswersEndsNothing() {
    Story story = Story.training();
    story.teacher = new Teacher(2, 1, Problem.fatal("ExitCode66", "pod t: no config.json"), "x:1");
    story.decide();
    assertThat(story.status.phase()).isEqualTo(Phase.Training);
  }

  @Test
  void aTrainerThatTheClusterStartsAgainSaysWhy() {
    Story story = Story.training();
    story.trainer =
        new Work(
            WorkState.Pending,
            null,
            137,
            "pod t was OOM-killed",
            1,
            null,
            new ObservedState.Order(Story.BUDGET, false),
            story.now);
    story.decide();
    assertThat(story.reason(ConditionType.Training)).isEqualTo("Restarting");
    assertThat(story.condition(ConditionType.Training).getMessage())
        .isEqualTo("The trainer starts again after: pod t was OOM-killed");
  }
}
