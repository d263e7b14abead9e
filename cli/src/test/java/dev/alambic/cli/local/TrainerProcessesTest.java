package dev.alambic.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.Sharding;
import dev.alambic.operator.TestProgress;
import dev.alambic.operator.lifecycle.ObservedState;
import dev.alambic.operator.lifecycle.ObservedState.Work;
import dev.alambic.operator.lifecycle.ObservedState.WorkState;
import dev.alambic.operator.plan.Trainers;
import dev.alambic.run.Progress;
import dev.alambic.run.RunJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainers that are a shell script, which ends as a file of its rank says. */
class TrainerProcessesTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final ObservedState.Order ORDER =
      new ObservedState.Order(1000, false, new Trainers(2, Sharding.None));
  private static final String SCRIPT =
      """
      #!/bin/sh
      trap 'exit 75' TERM
      rank=0
      while [ $# -gt 0 ]; do
        [ "$1" = --rank ] && rank=$2
        shift
      done
      echo "error: trainer $rank says so"
      while [ ! -s "$0.$rank" ]; do sleep 0.05; done
      code=$(cat "$0.$rank")
      [ "$code" = KILL ] && kill -9 $$
      exit "$code"
      """;

  @TempDir Path home;

  private RunFolder folder;
  private Path script;
  private TrainerProcesses trainers;

  @BeforeEach
  void write() throws IOException {
    script = home.resolve("trainer");
    Files.writeString(script, SCRIPT);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    folder = new RunFolder(home);
    Files.createDirectories(folder.checkpoints());
  }

  @AfterEach
  void stop() throws InterruptedException {
    trainers.stop();
  }

  private void start(int count) throws IOException, InterruptedException {
    trainers =
        new TrainerProcesses(new Launcher(script, "token"), folder, new StatusClient(), count);
    trainers.start(ORDER);
  }

  private void end(int rank, String code) throws IOException {
    Files.writeString(Path.of(script + "." + rank), code);
  }

  private void forgetEnds() throws IOException {
    Files.deleteIfExists(Path.of(script + ".0"));
    Files.deleteIfExists(Path.of(script + ".1"));
  }

  private Work observe() {
    try {
      return trainers.observe(NOW);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Work await(WorkState state) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(this::observe, seen -> seen.state() == state);
  }

  @Test
  void thereIsNoneBeforeTheFirstAttempt() {
    trainers = new TrainerProcesses(new Launcher(script, "token"), folder, new StatusClient(), 2);

    assertThat(observe()).isEqualTo(Work.absent());
  }

  @Test
  void eachHasAnAddressForTheOthersAndALogOfItsOwn() throws Exception {
    start(2);
    assertThat(trainers.addresses())
        .hasSize(2)
        .doesNotHaveDuplicates()
        .allMatch(address -> address.matches("127\\.0\\.0\\.1:[0-9]+"));
    end(0, "0");
    end(1, "0");
    await(WorkState.Succeeded);

    assertThat(folder.trainerLog(0)).hasContent("error: trainer 0 says so");
    assertThat(folder.trainerLog(1)).hasContent("error: trainer 1 says so");
    assertThat(folder.trainerLog()).doesNotExist();
  }

  @Test
  void oneThatIsAloneHasNoRankAndTheLogOfAlways() throws Exception {
    start(1);
    end(0, "0");
    await(WorkState.Succeeded);

    assertThat(folder.trainerLog()).hasContent("error: trainer 0 says so");
    assertThat(folder.trainerLog(0)).doesNotExist();
    assertThat(trainers.addresses()).containsExactly("127.0.0.1:9091");
  }

  @Test
  void theyRunUntilAllHaveEndedWell() throws Exception {
    start(2);
    assertThat(observe().state()).isEqualTo(WorkState.Running);
    assertThat(observe().order()).isEqualTo(ORDER);
    end(1, "0");
    Awaitility.await().until(() -> running() == 1);
    assertThat(observe().state()).isEqualTo(WorkState.Running);
    end(0, "0");
    Work seen = await(WorkState.Succeeded);

    assertThat(seen.exitCode()).isZero();
    assertThat(seen.endedAt()).isEqualTo(NOW);
    assertThat(seen.failures()).isZero();
  }

  @Test
  void whileTheOthersLeaveTheyAreAboutToStartAgain() throws Exception {
    start(2);
    end(1, "KILL");
    Work leaving = await(WorkState.Pending);

    assertThat(leaving.exitCode()).isEqualTo(137);
    assertThat(leaving.message())
        .isEqualTo("trainer 1: ended with exit code 137; see " + folder.trainerLog(1));
    assertThat(leaving.alive()).as("nothing is started beside them").isTrue();

    end(0, "75");
    Work failed = await(WorkState.Failed);
    assertThat(failed.exitCode()).isEqualTo(137);
    assertThat(failed.failures()).isEqualTo(1);
  }

  @Test
  void anAttemptFailsOnceHoweverManyFail() throws Exception {
    start(2);
    end(0, "74");
    end(1, "74");
    await(WorkState.Failed);

    assertThat(observe().failures()).isEqualTo(1);
  }

  @Test
  void whatNoRetryCanMendIsTheCauseWhoeverEndedFirst() throws Exception {
    start(2);
    end(0, "69");
    await(WorkState.Pending);
    end(1, "65");
    Work seen = await(WorkState.Failed);

    assertThat(seen.exitCode()).isEqualTo(65);
    assertThat(seen.message()).isEqualTo("trainer 1: trainer 1 says so");
  }

  @Test
  void allAreStartedAgain() throws Exception {
    start(2);
    end(0, "75");
    end(1, "74");
    await(WorkState.Failed);
    forgetEnds();
    trainers.start(ORDER);
    assertThat(observe().state()).isEqualTo(WorkState.Running);
    end(0, "75");
    end(1, "75");
    Work seen = await(WorkState.Failed);

    assertThat(seen.exitCode()).isEqualTo(75);
    assertThat(seen.failures()).as("those who leave on request do not count").isEqualTo(1);
    assertThat(folder.trainerLog(1))
        .hasContent("error: trainer 1 says so\nerror: trainer 1 says so");
  }

  @Test
  void stoppedTheyAllHaveTimeAndTheirLastWordsStay() throws Exception {
    start(2);
    Awaitility.await().until(() -> says(0) && says(1));
    Progress last = TestProgress.progress(Progress.State.Suspended, 500);
    Files.writeString(folder.lastProgress(), RunJson.write(last));
    trainers.discard(NOW);

    assertThat(observe()).isEqualTo(Work.absent());
    assertThat(trainers.progress()).isEqualTo(last);
  }

  /** Processes of the script, without what it starts itself. */
  private long running() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().commandLine().orElse("").contains(script.toString()))
        .count();
  }

  /** Whether the script is past its trap. */
  private boolean says(int rank) throws IOException {
    return Files.readString(folder.trainerLog(rank)).contains("says so");
  }
}
