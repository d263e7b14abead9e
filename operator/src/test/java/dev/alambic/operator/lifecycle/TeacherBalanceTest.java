package dev.alambic.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.run.Progress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A teacher that the trainer waits for is called too slow, with what would help. */
class TeacherBalanceTest {

  @Test
  void aTeacherThatKeepsUpIsLeftAlone() {
    Story story = Story.training();
    story.decide();

    assertThat(story.reason(ConditionType.TeacherReady)).isEqualTo("TeacherAnswers");
    assertThat(story.status.teacher().waitShare()).isEqualTo("0");
    assertThat(story.status.teacher().neededReplicas()).isNull();
  }

  @Test
  void oneThatDoesNotIsToldOnceWithTheReplicasThatWould() {
    Story story = Story.training();
    story.progress = waiting(story.progress, 0.612);
    Step decision = story.decide();

    assertThat(Story.reasons(decision)).containsExactly("TeacherTooSlow");
    assertThat(story.condition(ConditionType.TeacherReady).getStatus()).isEqualTo("True");
    assertThat(story.condition(ConditionType.TeacherReady).getMessage())
        .isEqualTo(
            "2 of 2 teachers answer; the trainer waits for the teacher 60 % of its time:"
                + " 5 replicas instead of 2 would keep up");
    assertThat(story.status.teacher().waitShare()).isEqualTo("0.6");
    assertThat(story.status.teacher().neededReplicas()).isEqualTo(5);

    story.progress = waiting(story.progress, 0.59);
    assertThat(Story.reasons(story.decide())).isEmpty();
  }

  @Test
  void itIsSaidUntilTheWaitIsShort() {
    Story story = Story.training();
    assertThat(reasonAt(story, 0.15)).isEqualTo("TeacherAnswers");
    assertThat(reasonAt(story, 0.2)).isEqualTo("TeacherTooSlow");
    assertThat(reasonAt(story, 0.15)).isEqualTo("TeacherTooSlow");
    assertThat(reasonAt(story, 0.05)).isEqualTo("TeacherAnswers");
  }

  @Test
  void aTeacherOfKnownSizeIsWeighedByArithmeticToo() {
    Story story = Story.of("teacher: {model: {uri: 'file:///teacher'}, size: 27B}");
    story.teacherReady().running(Progress.State.Training, 1_000_000);
    story.progress = waiting(story.progress, 0.5);
    story.decide();

    assertThat(story.condition(ConditionType.TeacherReady).getMessage())
        .endsWith(" teacher GPUs for each of the trainer's)");
  }

  @ParameterizedTest
  @CsvSource({"0, 3, 3", "0.5, 1, 2", "0.5, 3, 6", "0.25, 3, 4", "0.95, 2, 40", "1, 2, 40"})
  void replicasAreScaledByTheTimeThatTheyWork(double share, int replicas, int needed) {
    assertThat(new TeacherBalance(share).neededReplicas(replicas)).isEqualTo(needed);
  }

  private static String reasonAt(Story story, double share) {
    story.progress = waiting(story.progress, share);
    story.decide();
    return story.reason(ConditionType.TeacherReady);
  }

  private static Progress waiting(Progress progress, double share) {
    return new Progress(
        progress.version(),
        progress.job(),
        new Progress.Stage(progress.stage().state(), null),
        new Progress.Position(
            progress.position().step(),
            progress.position().tokens(),
            progress.position().tokenBudget()),
        new Progress.Speed(progress.speed().tokensPerSecond(), share),
        new Progress.Learning(
            0, 0, progress.learning().learningRate(), progress.learning().trainLoss(), List.of()),
        new Progress.Verdict(null, List.of()),
        new Progress.Saved(null, null, List.of(), null));
  }
}
