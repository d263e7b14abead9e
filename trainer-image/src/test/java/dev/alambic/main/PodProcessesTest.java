package dev.alambic.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.main.PodProcesses.Ended;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Shells in place of trainers. */
@Timeout(60)
class PodProcessesTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  /** Leaves with 75 when another, which left this file, is gone. */
  private static final String LEAVES = "until [ -e gone ]; do sleep 0.02; done; exit 75";

  private static final String STOPS =
      "trap 'exit 75' TERM; : > started-$CUDA_VISIBLE_DEVICES; while :; do sleep 0.02; done";

  @TempDir Path folder;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  @Test
  void allEndWellAndTheFirstTells() {
    Ended end = run(LONG, "sleep 0.1", "exit 0", "exit 0");
    assertThat(end.exitCode()).isZero();
    assertThat(end.process().rank()).isEqualTo(8);
  }

  @Test
  void theOneWithACauseIsToBlame() {
    Ended end = run(LONG, LEAVES, ": > gone; exit 65", LEAVES);
    assertThat(end.exitCode()).isEqualTo(65);
    assertThat(end.process().rank()).isEqualTo(9);
  }

  @Test
  void whatNoAttemptMendsComesBeforeWhatFailedFirst() {
    assertThat(run(LONG, ": > gone; kill -9 $$", LEAVES, LEAVES.replace("75", "65")).exitCode())
        .isEqualTo(65);
  }

  @Test
  void oneThatWasKilledIsToBlameBeforeThoseThatLeft() {
    assertThat(run(LONG, LEAVES, LEAVES, ": > gone; kill -9 $$").exitCode()).isEqualTo(137);
  }

  @Test
  void allThatLeaveLeave() {
    assertThat(run(LONG, "exit 75", "exit 75").exitCode()).isEqualTo(75);
  }

  /** It is killed, but no more to blame than the one that left because it hung. */
  @Test
  void oneThatDoesNotLeaveIsKilled() {
    Ended end =
        run(Duration.ofMillis(200), "trap '' TERM; while :; do sleep 0.02; done", "exit 75");
    assertThat(end.exitCode()).isEqualTo(75);
    assertThat(end.process().rank()).isEqualTo(9);
  }

  @Test
  void aStopIsHandedOn() throws Exception {
    CompletableFuture<Ended> end = new CompletableFuture<>();
    Thread pod = new Thread(() -> end.complete(run(LONG, STOPS, STOPS)), "pod");
    pod.start();
    await().until(() -> Files.exists(folder.resolve("started-0")));
    await().until(() -> Files.exists(folder.resolve("started-1")));
    pod.interrupt();
    assertThat(end.get().exitCode()).isEqualTo(75);
  }

  @Test
  void eachSeesItsGpu() throws Exception {
    String tells = "echo $CUDA_VISIBLE_DEVICES > $0";
    assertThat(run(LONG, tells, tells).exitCode()).isZero();
    assertThat(folder.resolve("8")).hasContent("0");
    assertThat(folder.resolve("9")).hasContent("1");
  }

  @Test
  void eachLineHasTheRankOfWhoSaysIt() {
    run(LONG, "echo one; printf two >&2", "sleep 0.2; echo three");
    assertThat(log.toString(StandardCharsets.UTF_8).lines())
        .containsExactly("[8] one", "[8] two", "[9] three");
  }

  /** A process that the dead one started has its output still. */
  @Test
  void whatADeadOneLeftBehindIsNotWaitedFor() throws Exception {
    assertThat(run(LONG, "sleep 60 & echo $! > left; exit 0").exitCode()).isZero();
    long left = Long.parseLong(Files.readString(folder.resolve("left")).strip());
    assertThat(ProcessHandle.of(left)).hasValueSatisfying(ProcessHandle::destroy);
  }

  @Test
  void oneThatCannotBeStarted() {
    PodProcess none =
        new PodProcess(3, List.of(folder.resolve("none").toString()), "0", folder.resolve("3"));
    assertThatThrownBy(() -> new PodProcesses(List.of(none), LONG, System.err).run())
        .isInstanceOfSatisfying(
            RunException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.IO))
        .hasMessageStartingWith("trainer 3 cannot be started: ");
  }

  /** The second pod of eight: ranks 8, 9, … */
  private Ended run(Duration patience, String... scripts) {
    List<PodProcess> processes = new ArrayList<>();
    for (int place = 0; place < scripts.length; place++) {
      int rank = 8 + place;
      Path words = folder.resolve(Integer.toString(rank));
      String script = "cd '" + folder + "'; " + scripts[place];
      processes.add(
          new PodProcess(
              rank, List.of("sh", "-c", script, words.toString()), Integer.toString(place), words));
    }
    return new PodProcesses(processes, patience, new PrintStream(log, true)).run();
  }
}
