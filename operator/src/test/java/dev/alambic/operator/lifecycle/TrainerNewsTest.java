package dev.alambic.operator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.run.Progress;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainerNewsTest {
  private static final Progress.Damage DAMAGE =
      new Progress.Damage("/alambic/run/checkpoints/step-000000000200", "state.json is not there");

  @Test
  void aDamagedCheckpointIsToldOnceAndStaysInTheStatus() {
    Story story = Story.training();
    story.progress = told(0, null, List.of(DAMAGE));
    Step decision = story.decide();

    assertThat(decision.events())
        .containsExactly(
            new Event(
                Event.Type.Warning,
                "CheckpointDamaged",
                "/alambic/run/checkpoints/step-000000000200: state.json is not there; it was"
                    + " skipped"));
    assertThat(story.status.checkpoint().damaged())
        .containsExactly(DAMAGE.path() + ": " + DAMAGE.why());
    assertThat(story.status.checkpoint().tokens()).isEqualTo(500_000);
    assertThat(story.decide().events()).isEmpty();
  }

  @Test
  void aCheckpointThatCouldNotBeWrittenIsToldUntilOneIs() {
    Story story = Story.training();
    story.progress = told(0, "No space left on device", List.of());
    assertThat(story.decide().events())
        .containsExactly(
            new Event(
                Event.Type.Warning,
                "CheckpointFailed",
                "No space left on device; the run continues"));
    assertThat(story.decide().events()).isEmpty();

    story.progress = told(0, null, List.of());
    assertThat(story.decide().events()).isEmpty();
    assertThat(story.status.checkpoint().failure()).isNull();
  }

  @Test
  void aRollbackIsToldWithTheBadSteps() {
    Story story = Story.training();
    story.progress = told(1, null, List.of());
    assertThat(Story.reasons(story.decide())).containsExactly("RolledBack");
    assertThat(story.status.progress().badSteps()).isEqualTo(8);
    assertThat(story.status.progress().rollbacks()).isOne();
    assertThat(story.decide().events()).isEmpty();

    story.progress = told(2, null, List.of());
    assertThat(Story.reasons(story.decide())).containsExactly("RolledBack");
  }

  @Test
  void aTrainerThatIsGoneLeavesWhatWasTold() {
    Story story = Story.training();
    story.progress = told(1, null, List.of(DAMAGE));
    story.decide();
    story.trainerGone();
    assertThat(Story.reasons(story.decide())).doesNotContain("RolledBack", "CheckpointDamaged");
    assertThat(story.status.progress().rollbacks()).isOne();
    assertThat(story.status.checkpoint().damaged()).hasSize(1);
  }

  private static Progress told(long rollbacks, String failure, List<Progress.Damage> damaged) {
    Progress base = Story.progress(Progress.State.Training, 1_000_000, null);
    return new Progress(
        base.version(),
        base.job(),
        new Progress.Stage(base.stage().state(), base.stage().message()),
        new Progress.Position(
            base.position().step(), base.position().tokens(), base.position().tokenBudget()),
        new Progress.Speed(base.speed().tokensPerSecond(), base.speed().teacherWaitShare()),
        new Progress.Learning(
            8 * rollbacks,
            rollbacks,
            base.learning().learningRate(),
            base.learning().trainLoss(),
            base.learning().curve()),
        new Progress.Verdict(base.verdict().saturation(), base.verdict().changes()),
        new Progress.Saved(base.saved().checkpoint(), failure, damaged, base.saved().modelPath()));
  }
}
