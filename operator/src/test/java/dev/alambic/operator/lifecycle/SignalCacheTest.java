package dev.alambic.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.operator.lifecycle.Children.TrainerAction;
import dev.alambic.run.Progress;
import org.junit.jupiter.api.Test;

/** With a signal cache a teacher is there only if the trainer asks for one. */
class SignalCacheTest {
  private static final String CACHE = "signal: {cache: {volume: {claimName: signals}}}";

  @Test
  void theTrainerStartsAtOnceAndWithoutATeacher() {
    Story story = Story.of(CACHE);

    assertThat(story.decide().desired()).isEqualTo(new Children(0, TrainerAction.Run, true, false));
    assertThat(story.reason(ConditionType.TeacherReady)).isEqualTo("TeacherNotNeeded");
    assertThat(story.reason(ConditionType.Training)).isEqualTo("TrainerStarting");
  }

  @Test
  void aTrainerThatFindsAllInTheCacheNeverHasOne() {
    Story story = Story.of(CACHE);
    story.decide();
    for (Progress.State state :
        new Progress.State[] {Progress.State.Preparing, Progress.State.Training}) {
      assertThat(story.running(state, 1_000_000).decide().desired().teacherReplicas()).isZero();
    }
    assertThat(story.is(ConditionType.Training)).isTrue();
    assertThat(story.kstatus()).containsExactly(ConditionType.Ready);
  }

  @Test
  void aTrainerThatMissesSomethingGetsItsTeachersAndKeepsThem() {
    Story story = Story.of(CACHE);
    story.decide();
    Step decision = story.running(Progress.State.WaitingForTeacher, 0).decide();
    assertThat(decision.desired()).isEqualTo(new Children(2, TrainerAction.Run, true, false));

    story.teacherStarting();
    story.decide();
    assertThat(story.reason(ConditionType.TeacherReady)).isEqualTo("TeacherStarting");
    decision = story.teacherReady().running(Progress.State.Training, 1_000_000).decide();
    assertThat(decision.desired().teacherReplicas()).isEqualTo(2);
  }

  @Test
  void aJobThatWasHeldLooksIntoTheCacheFirstAgain() {
    Story story = Story.of(CACHE);
    story.decide();
    story.running(Progress.State.WaitingForTeacher, 0).decide();
    story.teacherReady().running(Progress.State.Training, 1_000_000).decide();
    story.spec("suspend: true");
    assertThat(story.decide().desired().teacherReplicas()).isZero();
    story.trainerGone().teacherGone().decide();
    story.fields.remove("suspend: true");
    assertThat(story.spec("suspend: false").decide().desired())
        .isEqualTo(new Children(0, TrainerAction.Run, true, false));
  }
}
