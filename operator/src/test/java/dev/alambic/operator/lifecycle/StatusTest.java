package dev.alambic.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.ConditionType;
import dev.alambic.api.v1alpha1.DistillationJobStatus;
import dev.alambic.api.v1alpha1.LossStatus;
import dev.alambic.api.v1alpha1.Phase;
import dev.alambic.api.v1alpha1.SaturationState;
import dev.alambic.api.v1alpha1.TokenRange;
import dev.alambic.run.Progress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a status says of a trainer's progress. */
class StatusTest {

  private static Progress.Saturation verdict(SaturationState state) {
    return new Progress.Saturation(
        state,
        null,
        new Progress.Gains(0.012345, 0.0856, null),
        new Progress.Range(1_900_000L, 2_600_000L, null),
        new Progress.Fit(2.5, 2085.43, 0.3658, 0.00123, 17),
        null,
        null);
  }

  @Test
  void aNewJobHasSpentNothingOfItsBudget() {
    Story story = Story.of();
    story.decide();

    assertThat(story.status.progress().summary()).isEqualTo("0/10M");
    assertThat(story.status.progress().percent()).isZero();
    assertThat(story.status.saturation().state()).isEqualTo(SaturationState.Unknown);
    assertThat(story.status.saturation().expectedTokens()).isPositive();
    assertThat(story.status.loss()).isNull();
  }

  @Test
  void progressIsToldInNumbersAndForPeople() {
    Story story = Story.training();

    assertThat(story.status.progress().tokens()).isEqualTo(1_000_000);
    assertThat(story.status.progress().tokenBudget()).isEqualTo(10_000_000);
    assertThat(story.status.progress().percent()).isEqualTo(10);
    assertThat(story.status.progress().summary()).isEqualTo("1M/10M");
    assertThat(story.status.progress().tokensPerSecond()).isEqualTo("1000");
    // 9M tokens at 1000 a second are two hours and a half.
    assertThat(story.status.progress().estimatedCompletionTime()).isEqualTo("2026-11-24T14:30:00Z");
  }

  @Test
  void lossesAreDecimalTextAndTheNewestOfEach() {
    Story story = Story.training();
    assertThat(story.status.loss())
        .isEqualTo(new LossStatus("3.1416", "3.2500", "0.5000", "2.7500"));

    story.progress = story.progress.brief();
    story.decide();
    assertThat(story.status.loss())
        .isEqualTo(new LossStatus("3.1416", "3.2500", "0.5000", "2.7500"));
  }

  @Test
  void aLossThatIsNoNumberDoesNotReachTheStatus() {
    Story story = Story.training();
    story.progress =
        new Progress(
            Progress.VERSION,
            "job",
            new Progress.Stage(Progress.State.Training, null),
            new Progress.Position(1, 2_000_000, Story.BUDGET),
            new Progress.Speed(Double.POSITIVE_INFINITY, null),
            new Progress.Learning(
                0,
                0,
                null,
                Double.NaN,
                List.of(new Progress.CurvePoint(1, Double.NaN, null, null, null, true))),
            new Progress.Verdict(null, List.of()),
            new Progress.Saved(null, null, List.of(), null));
    story.decide();

    assertThat(story.status.loss().train()).isEqualTo("3.1416");
    assertThat(story.status.loss().validation()).isEqualTo("3.2500");
    assertThat(story.status.progress().tokensPerSecond()).isNull();
  }

  @Test
  void theVerdictIsToldWithItsFit() {
    Story story = Story.training();
    story.progress =
        Story.progress(Progress.State.Training, 2_000_000, verdict(SaturationState.NearSaturation));
    Step decision = story.decide();

    assertThat(story.status.saturation().state()).isEqualTo(SaturationState.NearSaturation);
    assertThat(story.status.saturation().gain()).isEqualTo("0.0123");
    assertThat(story.status.saturation().gainPerDoubling()).isEqualTo("0.0856");
    assertThat(story.status.saturation().saturationTokens())
        .isEqualTo(new TokenRange(1_900_000L, 2_600_000L, null));
    assertThat(story.status.saturation().fit().amplitude()).isEqualTo("2090");
    assertThat(story.status.saturation().fit().points()).isEqualTo(17);
    assertThat(story.condition(ConditionType.Saturated).getMessage())
        .isEqualTo("10 % more tokens bring 0.0123 nats; saturation is expected near 2.6M tokens");
    assertThat(Story.reasons(decision)).containsExactly("NearSaturation");
  }

  @ParameterizedTest
  @CsvSource({
    "Unknown, Unknown, TooFewEvaluations",
    "Improving, False, Improving",
    "NearSaturation, False, NearSaturation",
    "Saturated, True, Saturated",
    "Indeterminate, Unknown, Indeterminate",
    "Regressing, False, Regressing",
    "TeacherBound, False, TeacherBound"
  })
  void everyVerdictHasItsCondition(SaturationState state, String status, String reason) {
    Story story = Story.training();
    story.progress = Story.progress(Progress.State.Training, 2_000_000, verdict(state));
    story.decide();

    assertThat(story.condition(ConditionType.Saturated).getStatus()).isEqualTo(status);
    assertThat(story.reason(ConditionType.Saturated)).isEqualTo(reason);
  }

  @Test
  void theVerdictStaysWhenTheTrainerIsGone() {
    Story story = Story.training();
    story.progress =
        Story.progress(Progress.State.Training, 2_000_000, verdict(SaturationState.Saturated));
    story.decide();
    story.trainerGone().decide();

    assertThat(story.is(ConditionType.Saturated)).isTrue();
    assertThat(story.status.saturation().gain()).isEqualTo("0.0123");
  }

  @Test
  void coolingDownIsStillTraining() {
    Story story = Story.training();
    Step decision = story.running(Progress.State.CoolingDown, 9_500_000).decide();

    assertThat(story.status.phase()).isEqualTo(Phase.Training);
    assertThat(story.reason(ConditionType.Ready)).isEqualTo("CoolingDown");
    assertThat(Story.reasons(decision)).containsExactly("CoolingDown");
  }

  @Test
  void theCheckpointAndTheTeacherAreToldAsTheyAre() {
    Story story = Story.training();

    assertThat(story.status.checkpoint().tokens()).isEqualTo(500_000);
    assertThat(story.status.checkpoint().path()).isEqualTo("/checkpoints/7");
    assertThat(story.status.checkpoint().time()).isEqualTo("2026-11-24T12:00:01Z");
    assertThat(story.status.teacher().readyReplicas()).isEqualTo(2);
    assertThat(story.status.teacher().endpoint()).isEqualTo("localhost:1");
  }

  @Test
  void nothingNewIsAnEqualStatusAndNoEvent() {
    Story story = Story.training();
    DistillationJobStatus before = story.status;
    Step decision = story.decide();

    assertThat(decision.status()).isEqualTo(before);
    assertThat(decision.events()).isEmpty();
  }

  @Test
  void timeAloneDoesNotChangeTheStatusOfASteadyRun() {
    Story story = Story.training();
    DistillationJobStatus before = story.status;
    // Two minutes later a minute and 40 s behind: within a twentieth of the two hours left.
    story.after(Duration.ofMinutes(2)).running(Progress.State.Training, 1_020_000).decide();

    assertThat(story.status.progress().estimatedCompletionTime())
        .isEqualTo(before.progress().estimatedCompletionTime());
    assertThat(story.status.conditions()).isEqualTo(before.conditions());
  }

  @Test
  void aRunThatFallsBehindGetsANewEstimate() {
    Story story = Story.training();
    story.after(Duration.ofHours(1)).running(Progress.State.Training, 1_020_000).decide();

    assertThat(story.status.progress().estimatedCompletionTime()).isEqualTo("2026-11-24T15:29:00Z");
  }

  @Test
  void aTransitionTimeChangesOnlyWithTheStatus() {
    Story story = Story.training();
    story.after(Duration.ofMinutes(5)).running(Progress.State.CoolingDown, 9_500_000).decide();
    assertThat(story.condition(ConditionType.Training).getLastTransitionTime())
        .isEqualTo("2026-11-24T12:00:00Z");

    story.running(Progress.State.WaitingForTeacher, 9_600_000).decide();
    assertThat(story.condition(ConditionType.Training).getLastTransitionTime())
        .isEqualTo("2026-11-24T12:05:00Z");
  }

  @Test
  void aLongMessageIsCut() {
    Story story = Story.training();
    story.failed(65, 1, "x".repeat(10_000)).decide();

    assertThat(story.condition(ConditionType.Failed).getMessage()).hasSize(1027);
  }
}
