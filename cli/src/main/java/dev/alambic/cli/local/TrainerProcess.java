package dev.alambic.cli.local;

import dev.alambic.failure.Blame;
import dev.alambic.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** One attempt of one trainer, as a process. */
final class TrainerProcess {
  /** Of those that failed together the cause is first. */
  static final Comparator<TrainerProcess> BY_BLAME =
      Comparator.comparing((TrainerProcess trainer) -> Blame.of(trainer.exitCode()))
          .thenComparing(TrainerProcess::endedAt)
          .thenComparing(trainer -> trainer.rank);

  private final int rank;
  private final Path log;
  private final ChildProcess process;
  private Integer exitCode;
  private Instant endedAt;

  private TrainerProcess(int rank, Path log, ChildProcess process) {
    this.rank = rank;
    this.log = log;
    this.process = process;
  }

  /**
   * Starts one.
   *
   * @param ports at which each of the trainers answers, by rank
   */
  static TrainerProcess start(Launcher launcher, RunFolder folder, int rank, List<Integer> ports)
      throws IOException {
    int port = ports.get(rank);
    boolean alone = ports.size() == 1;
    Path log = alone ? folder.trainerLog() : folder.trainerLog(rank);
    return new TrainerProcess(
        rank,
        log,
        alone
            ? launcher.trainer(folder.runSpec(), port, log)
            : launcher.trainer(folder.runSpec(), rank, port, log));
  }

  void terminate() {
    process.terminate();
  }

  void awaitEnd(Duration patience) throws InterruptedException {
    process.awaitEnd(patience);
  }

  /** Checks whether it has ended; the methods below return what was seen. */
  void look(Instant now) {
    if (exitCode == null && process.exitCode().isPresent()) {
      exitCode = process.exitCode().getAsInt();
      endedAt = now;
    }
  }

  boolean isAlive() {
    return exitCode == null;
  }

  boolean failed() {
    return exitCode != null && exitCode != ExitCode.COMPLETE.code();
  }

  /** Whether its failure counts against the backoff limit. */
  boolean counts() {
    return Blame.of(exitCode) != Blame.Left;
  }

  /** How it ended; null while it runs. */
  Integer exitCode() {
    return exitCode;
  }

  /** When it was seen to have ended; null while it runs. */
  Instant endedAt() {
    return endedAt;
  }

  /** Why it ended, in one line. */
  String lastError() throws IOException {
    return LastError.of("trainer " + rank, exitCode, log);
  }
}
