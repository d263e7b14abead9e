package dev.alambic.cli.local;

import dev.alambic.failure.ExitCode;
import dev.alambic.operator.lifecycle.ObservedState;
import dev.alambic.operator.lifecycle.ObservedState.WorkState;
import dev.alambic.run.Progress;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** What fills the signal cache, as processes: one for each shard. */
public final class FillProcesses {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Launcher launcher;
  private final RunFolder folder;
  private final StatusClient status;
  private final List<Integer> ports;
  private final List<ChildProcess> running = new ArrayList<>();
  private Instant endedAt;
  private ObservedState.Order order;
  private int failures;

  public FillProcesses(Launcher launcher, RunFolder folder, StatusClient status, int shards) {
    this.launcher = launcher;
    this.folder = folder;
    this.status = status;
    this.ports = Ports.free(shards);
  }

  /** Starts an attempt, in place of the present one. */
  void start(ObservedState.Order told) throws IOException, InterruptedException {
    stop();
    order = told;
    for (int shard = 0; shard < ports.size(); shard++) {
      running.add(
          launcher.fill(
              folder.runSpec(), shard, ports.size(), ports.get(shard), folder.fillLog(shard)));
    }
  }

  /** Stops the present attempt, and forgets it. */
  void stop() throws InterruptedException {
    running.forEach(ChildProcess::terminate);
    for (ChildProcess process : running) {
      process.awaitEnd(PATIENCE);
    }
    running.clear();
    endedAt = null;
  }

  /** The progress of the first shard that is not filled yet; null if there is none. */
  Progress progress() throws InterruptedException {
    for (int shard = 0; shard < running.size(); shard++) {
      if (running.get(shard).isAlive()) {
        return status.progress(ports.get(shard)).orElse(null);
      }
    }
    return null;
  }

  ObservedState.Fill observe(Instant now) throws IOException {
    if (running.isEmpty()) {
      return ObservedState.Fill.absent();
    }
    int filled = (int) running.stream().filter(FillProcesses::succeeded).count();
    return new ObservedState.Fill(work(now), ports.size(), filled);
  }

  private static boolean succeeded(ChildProcess process) {
    return process.exitCode().equals(OptionalInt.of(ExitCode.COMPLETE.code()));
  }

  private ObservedState.Work work(Instant now) throws IOException {
    if (running.stream().anyMatch(ChildProcess::isAlive)) {
      return work(WorkState.Running, null, null);
    }
    boolean ending = endedAt == null;
    endedAt = ending ? now : endedAt;
    for (int shard = 0; shard < running.size(); shard++) {
      int exitCode = running.get(shard).exitCode().orElseThrow();
      if (exitCode != ExitCode.COMPLETE.code()) {
        failures += ending && exitCode != ExitCode.TRY_AGAIN.code() ? 1 : 0;
        String words = LastError.of("fill", exitCode, folder.fillLog(shard));
        return work(WorkState.Failed, exitCode, words);
      }
    }
    return work(WorkState.Succeeded, ExitCode.COMPLETE.code(), null);
  }

  private ObservedState.Work work(WorkState state, Integer exitCode, String words) {
    return new ObservedState.Work(state, null, exitCode, words, failures, endedAt, order, null);
  }
}
