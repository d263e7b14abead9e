package dev.alambic.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.api.v1alpha1.Phase;
import dev.alambic.operator.lifecycle.Children.TrainerAction;
import dev.alambic.run.Progress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Holding a job and letting it go on. */
class SuspendTest {
  private static final Children NOTHING = new Children(0, TrainerAction.None, false, false);

  @Test
  void aJobSuspendedFromTheStartGetsNoChildrenAndNoStartTime() {
    Story story = Story.of("suspend: true");

    assertThat(story.decide().desired()).isEqualTo(NOTHING);
    assertThat(story.status.phase()).isEqualTo(Phase.Suspended);
    assertThat(story.status.startTime()).isNull();
    assertThat(story.kstatus()).containsExactly(ConditionType.Reconciling);
  }

  @Test
  void suspendingStopsTrainerAndTeacher() {
    Story story = Story.training();
    Step decision = story.spec("suspend: true").decide();

    assertThat(decision.desired()).isEqualTo(NOTHING);
    assertThat(story.is(ConditionType.Suspended)).isTrue();
    assertThat(story.reason(ConditionType.Training)).isEqualTo("Stopping");
    assertThat(Story.reasons(decision)).containsExactly("Suspended");

    story.trainerGone().teacherGone().decide();
    assertThat(story.reason(ConditionType.Training)).isEqualTo("Suspended");
    assertThat(story.status.checkpoint().tokens()).isEqualTo(500_000);
    assertThat(story.status.progress().tokens()).isEqualTo(1_000_000);
    assertThat(story.status.progress().estimatedCompletionTime()).isNull();
  }

  @Test
  void theStateDoesNotStaySuspendedAfterResume() {
    Story story = Story.training();
    story.spec("suspend: true").decide();
    story.trainerGone().teacherGone().decide();
    Step decision = story.spec("suspend: false").decide();

    assertThat(story.status.phase()).isEqualTo(Phase.Starting);
    assertThat(story.is(ConditionType.Suspended)).isFalse();
    assertThat(story.reason(ConditionType.Suspended)).isEqualTo("Resumed");
    assertThat(decision.desired()).isEqualTo(new Children(2, TrainerAction.None, true, false));
    assertThat(Story.reasons(decision)).containsExactly("Resumed");

    story.teacherReady().decide();
    story.running(Progress.State.Training, 600_000).decide();
    assertThat(story.status.phase()).isEqualTo(Phase.Training);
  }

  @Test
  void aTrainerThatStoppedOnRequestStartsAgainAtOnceAfterResume() {
    Story story = Story.training();
    story.spec("suspend: true").failed(75, 0, "stopped on request").decide();
    assertThat(story.status.phase()).isEqualTo(Phase.Suspended);

    assertThat(story.spec("suspend: false").decide().desired().trainer())
        .isEqualTo(TrainerAction.Restart);
  }

  @Test
  void timeInWhichAJobWasHeldMovesItsStart() {
    Story story = Story.training();
    story.after(Duration.ofMinutes(10)).spec("suspend: true").decide();
    story.trainerGone().teacherGone().after(Duration.ofHours(5)).decide();
    assertThat(story.status.startTime()).isEqualTo("2026-11-24T12:00:00Z");
    story.spec("suspend: false").decide();

    assertThat(story.status.startTime()).isEqualTo("2026-11-24T17:00:00Z");
    story.after(Duration.ofMinutes(1)).decide();
    assertThat(story.status.startTime()).isEqualTo("2026-11-24T17:00:00Z");
  }

  @Test
  void aJobThatFinishesWhileItIsSuspendedIsComplete() {
    Story story = Story.training();
    story.spec("suspend: true").decide();
    story.succeeded().decide();

    assertThat(story.status.phase()).isEqualTo(Phase.Complete);
    assertThat(story.is(ConditionType.Suspended)).isFalse();
  }
}
