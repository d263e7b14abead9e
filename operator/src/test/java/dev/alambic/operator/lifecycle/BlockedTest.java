package dev.alambic.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.operator.lifecycle.ObservedState.Teacher;
import dev.alambic.operator.lifecycle.ObservedState.Work;
import dev.alambic.operator.lifecycle.ObservedState.WorkState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A refusal of the API server is told as the cause of whatever waits for what was refused. */
class BlockedTest {
  private static final Problem QUOTA = Problem.of("Refused", "exceeded quota");
  private static final Teacher READY = new Teacher(1, 1, null, "dns:///t:9090");
  private static final Work RUNNING =
      new Work(
          WorkState.Running,
          null,
          null,
          null,
          0,
          null,
          new ObservedState.Order(1000L, false),
          null);

  private static Blocked by(Problem refusal, Teacher teacher, Work trainer) {
    return Blocked.by(refusal, new ObservedState(teacher, trainer, null, null));
  }

  private static Story refused(Story story) {
    story.outcome = Outcome.childRefused(QUOTA);
    return story;
  }

  @Test
  void isWhyTheTeacherDoesNotAnswer() {
    // In mode Offline the teachers are those that fill the signal cache.
    assertThat(by(QUOTA, new Teacher(1, 0, null, null), Work.absent()))
        .isEqualTo(new Blocked(QUOTA, QUOTA, null));
  }

  @Test
  void isWhyTheTrainerOfAReadyTeacherDoesNotStart() {
    assertThat(by(QUOTA, READY, Work.absent())).isEqualTo(new Blocked(null, null, QUOTA));
  }

  @Test
  void doesNotTouchWhatRuns() {
    assertThat(by(QUOTA, READY, RUNNING)).isEqualTo(Blocked.NOTHING);
  }

  @Test
  void doesNotHideWhyTheTeacherCanNeverWork() {
    Problem fatal = Problem.fatal("CrashLoopBackOff", "no config.json");
    assertThat(by(QUOTA, new Teacher(1, 0, fatal, null), Work.absent())).isEqualTo(Blocked.NOTHING);
  }

  @Test
  void nothingIsHeldUpWhereNothingWasRefused() {
    assertThat(by(null, READY, Work.absent())).isEqualTo(Blocked.NOTHING);
  }

  @Test
  void aRefusedTeacherIsToldInBothConditionsThatWaitForIt() {
    Story story = refused(Story.of());
    assertThat(Story.reasons(story.decide())).contains("TeacherBlocked");
    assertThat(story.condition(ConditionType.TeacherReady).getMessage()).isEqualTo(QUOTA.words());
    assertThat(story.condition(ConditionType.Training).getMessage())
        .isEqualTo("The trainer starts when a teacher answers; Refused: exceeded quota");
  }

  @Test
  void aRefusedTrainerIsToldAndEndsTheJobWhenItsStartIsOverdue() {
    Story story = refused(Story.of("startDeadlineSeconds: 600").teacherReady());
    story.decide();
    assertThat(story.reason(ConditionType.Training)).isEqualTo("TrainerBlocked");
    assertThat(story.condition(ConditionType.Training).getMessage()).isEqualTo(QUOTA.words());
    story.after(Duration.ofSeconds(595));
    assertThat(story.decide().lookAgainIn()).contains(Duration.ofSeconds(5));

    story.after(Duration.ofSeconds(5)).decide();
    assertThat(story.condition(ConditionType.Failed).getMessage())
        .isEqualTo(
            "Waited for the 600 s of spec.startDeadlineSeconds for a trainer that runs; last:"
                + " Refused: exceeded quota");
  }

  @Test
  void aRefusedFillIsToldAndEndsTheJobWhenItsStartIsOverdue() {
    Story story =
        refused(
            Story.of(
                "startDeadlineSeconds: 600",
                "signal: {mode: Offline, cache: {volume: {claimName: signals}}}"));
    story.decide();
    assertThat(story.condition(ConditionType.TeacherReady).getMessage()).isEqualTo(QUOTA.words());
    story.after(Duration.ofMinutes(10)).decide();
    assertThat(story.condition(ConditionType.Failed).getMessage())
        .isEqualTo(
            "Waited for the 600 s of spec.startDeadlineSeconds for a teacher that runs; last:"
                + " Refused: exceeded quota");
  }

  @Test
  void whatWasDecidedStaysWhenItIsRefused() {
    Story story = Story.of().teacherReady();
    Children asked = story.decide().desired();
    assertThat(refused(story).decide().desired()).isEqualTo(asked);
  }

  @Test
  void aHeldJobWhoseTeacherCannotBeScaledIsLookedAtAgain() {
    Story story = Story.of().teacherReady().spec("suspend: true");
    assertThat(story.decide().lookAgainIn()).isEmpty();
    assertThat(refused(story).decide().lookAgainIn()).contains(Duration.ofSeconds(15));
    assertThat(story.condition(ConditionType.Training).getMessage()).isEqualTo("The job is held");
  }
}
