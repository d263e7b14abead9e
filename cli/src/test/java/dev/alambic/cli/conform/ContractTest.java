package dev.alambic.cli.conform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.operator.TestProgress;
import dev.alambic.operator.plan.Placement;
import dev.alambic.operator.plan.Specs;
import dev.alambic.run.Progress;
import dev.alambic.run.RunSpec;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContractTest {
  private static final RunSpec SPEC =
      ShortRun.of(
          Specs.plan(Specs.toy())
              .toRunSpec(
                  new Placement(
                      new Placement.Models("/teacher", "/teacher", null, "/student"),
                      List.of("teacher:1"),
                      new Placement.Text("/text", null, "/tokens"),
                      "/checkpoints",
                      List.of("trainer-0:9091"),
                      null)),
          Path.of("/out"),
          "127.0.0.1:50051");
  private static final long BATCH = SPEC.training().batchTokens();
  private static final long BUDGET = SPEC.training().tokenBudget();

  private final Attempt stopped =
      attempt(75, progress(Progress.State.Suspended, 16, 16), 8, 12, 16);
  private final Attempt killed = attempt(137, null, 16, 24, 32);
  private final Attempt finished =
      attempt(0, progress(Progress.State.Complete, 64, 64), 32, 40, 64);
  private final Attempt again = attempt(0, progress(Progress.State.Complete, 64, 64));
  private final Attempt refused = attempt(64, null);

  @Test
  void aTrainerThatKeepsItBreaksNoClause() {
    assertThat(findings(stopped, finished, again, refused))
        .hasSize(14)
        .allSatisfy(finding -> assertThat(finding.problem()).isEmpty());
  }

  @Test
  void aKillThatWasNotTriedIsNoFinding() {
    List<Finding> findings =
        Contract.findings(SPEC, stopped, Optional.empty(), finished, again, refused);
    assertThat(findings).hasSize(13).extracting(Finding::clause).doesNotContain("5.2");
  }

  @Test
  void whatIsNoTrainerBreaksNearlyAll() {
    Attempt nothing =
        new Attempt(
            false, List.of(), Optional.empty(), false, 0, Optional.empty(), 0, Optional.empty());
    assertThat(broken(findings(nothing, nothing, nothing, nothing)))
        .contains("2.1", "3.1", "4.1", "4.2", "4.3", "5.1", "6.1", "6.2", "6.3", "7.1");
  }

  @Test
  void oneThatBeginsAnewBreaksTheResume() {
    Attempt fromZero = attempt(0, progress(Progress.State.Complete, 64, 64), 1, 40, 64);
    assertThat(broken(findings(stopped, fromZero, again, refused))).containsExactly("5.2");
    assertThat(broken(Contract.findings(SPEC, stopped, Optional.empty(), fromZero, again, refused)))
        .containsExactly("5.1");
  }

  @Test
  void tokensThatFallOrArePartOfABatchBreakTheirClause() {
    Attempt falls = attempt(0, progress(Progress.State.Complete, 64, 64), 32, 64, 40);
    assertThat(broken(findings(stopped, falls, again, refused))).containsExactly("3.3");
  }

  @Test
  void oneThatEndsOtherwiseWhenStoppedBreaksTheStop() {
    Attempt dies = attempt(143, progress(Progress.State.Training, 16, 16), 8, 12, 16);
    assertThat(broken(findings(dies, finished, again, refused))).containsExactly("4.1", "4.2");
  }

  @Test
  void oneThatStopsShortBreaksTheEnd() {
    Attempt shorter = attempt(0, progress(Progress.State.Complete, 60, 60), 32, 60);
    assertThat(broken(findings(stopped, shorter, again, refused))).containsExactly("6.1");
  }

  @Test
  void aShortRunHasItsFilesInItsFolderAndAsksItsTeacher() {
    assertThat(SPEC.training().steps()).isEqualTo(64);
    assertThat(BUDGET).isEqualTo(64 * BATCH);
    assertThat(SPEC.checkpoint().path()).isEqualTo("/out/checkpoints");
    assertThat(SPEC.student().outputPath()).isEqualTo("/out/student");
    assertThat(SPEC.teacher().endpoints()).containsExactly("127.0.0.1:50051");
  }

  private List<Finding> findings(
      Attempt first, Attempt last, Attempt onceMore, Attempt otherVersion) {
    return Contract.findings(SPEC, first, Optional.of(killed), last, onceMore, otherVersion);
  }

  private static List<String> broken(List<Finding> findings) {
    return findings.stream()
        .filter(finding -> finding.problem().isPresent())
        .map(Finding::clause)
        .toList();
  }

  /** One that said so many steps, a checkpoint each eight, and left that. */
  private static Attempt attempt(int exitCode, Progress left, int... steps) {
    List<Progress> said =
        Arrays.stream(steps)
            .mapToObj(step -> progress(Progress.State.Training, step, step / 8 * 8))
            .toList();
    return new Attempt(
        true,
        said,
        Optional.empty(),
        false,
        exitCode,
        Optional.ofNullable(left),
        900,
        Optional.ofNullable(left).map(Progress::brief));
  }

  private static Progress progress(Progress.State state, int step, int checkpointStep) {
    return TestProgress.progress(state, step * BATCH)
        .with(
            said ->
                said.job("conform")
                    .position(new Progress.Position(step, step * BATCH, BUDGET))
                    .saved(
                        new Progress.Saved(
                            new Progress.Checkpoint(
                                checkpointStep * BATCH, "/out/checkpoints/1", Instant.EPOCH),
                            null,
                            List.of(),
                            state == Progress.State.Complete ? "/out/student" : null)));
  }
}
