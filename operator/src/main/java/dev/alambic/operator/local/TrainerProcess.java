package dev.alambic.operator.local;

import dev.alambic.operator.lifecycle.Observed;
import dev.alambic.operator.lifecycle.Observed.TrainerState;
import dev.alambic.run.ExitCode;
import dev.alambic.run.Progress;
import dev.alambic.run.RunJson;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The trainer as a process: one attempt after another, of which the last is remembered. */
final class TrainerProcess {
  /** A trainer writes a checkpoint before it ends. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Launcher launcher;
  private final RunFolder folder;
  private final StatusClient status;
  private final int port = Ports.free(1).get(0);
  private ChildProcess process;
  private Instant endedAt;
  private Observed.Order order;
  private int failures;
  private Progress progress;

  TrainerProcess(Launcher launcher, RunFolder folder, StatusClient status) {
    this.launcher = launcher;
    this.folder = folder;
    this.status = status;
  }

  /** Starts an attempt, in place of the present one. */
  void start(Observed.Order told) throws IOException, InterruptedException {
    stop();
    Files.deleteIfExists(folder.lastProgress());
    progress = null;
    endedAt = null;
    order = told;
    process = launcher.trainer(folder.runSpec(), port, folder.trainerLog());
  }

  /** Stops the present attempt, with time for a checkpoint. */
  void stop() throws InterruptedException {
    if (process != null && process.isAlive()) {
      process.terminate();
      process.awaitEnd(PATIENCE);
    }
  }

  /** Stops the present attempt and forgets it, but for what it said last. */
  void discard(Instant now) throws IOException, InterruptedException {
    stop();
    if (process != null && endedAt == null) {
      end(now);
    }
    process = null;
  }

  /**
   * What the present attempt, or the one that ended last, said last; null until it said anything.
   */
  Progress progress() {
    return progress;
  }

  Observed.Trainer observe(Instant now) throws IOException, InterruptedException {
    if (process == null) {
      return Observed.Trainer.absent();
    }
    if (process.isAlive()) {
      status.progress(port).ifPresent(said -> progress = said);
      return new Observed.Trainer(
          TrainerState.Running, null, null, null, failures, null, order, null);
    }
    if (endedAt == null) {
      end(now);
    }
    int exitCode = process.exitCode().orElseThrow();
    TrainerState state = exitCode == 0 ? TrainerState.Succeeded : TrainerState.Failed;
    return new Observed.Trainer(state, null, exitCode, null, failures, endedAt, order, null);
  }

  private void end(Instant now) throws IOException {
    endedAt = now;
    int exitCode = process.exitCode().orElseThrow();
    if (exitCode != 0 && exitCode != ExitCode.TRY_AGAIN.code()) {
      failures++;
    }
    lastWords().ifPresent(said -> progress = said);
  }

  private Optional<Progress> lastWords() throws IOException {
    return Files.exists(folder.lastProgress())
        ? Optional.of(RunJson.read(Files.readString(folder.lastProgress()), Progress.class))
        : Optional.empty();
  }
}
