package dev.alambic.cli.local;

import dev.alambic.operator.lifecycle.ObservedState;
import dev.alambic.operator.lifecycle.ObservedState.WorkState;
import dev.alambic.run.Progress;
import dev.alambic.run.RunJson;
import dev.alambic.run.RunSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The trainer as processes, one for each rank: one attempt after another, of which the last is
 * remembered. The first reports for all. When one fails the others leave by themselves.
 */
public final class TrainerProcesses {
  /** A trainer writes a checkpoint before it ends. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Launcher launcher;
  private final RunFolder folder;
  private final StatusClient status;
  private final List<Integer> ports;
  private final List<Integer> peerPorts;
  private final List<TrainerProcess> attempt = new ArrayList<>();
  private ObservedState.Order order;
  private int failures;
  private boolean ended;
  private Progress progress;

  /** Trainers whose ports stay the same for the whole run. */
  public TrainerProcesses(Launcher launcher, RunFolder folder, StatusClient status, int count) {
    this.launcher = launcher;
    this.folder = folder;
    this.status = status;
    List<Integer> free = Ports.free(2 * count);
    this.ports = free.subList(0, count);
    this.peerPorts = free.subList(count, 2 * count);
  }

  /** host:port at which each meets the others, by rank. */
  public List<String> addresses() {
    return peerPorts.size() == 1
        ? RunSpec.Trainers.ONE.addresses()
        : peerPorts.stream().map(port -> "127.0.0.1:" + port).toList();
  }

  /** Starts an attempt, in place of the present one. */
  void start(ObservedState.Order told) throws IOException, InterruptedException {
    stop();
    Files.deleteIfExists(folder.lastProgress());
    attempt.clear();
    progress = null;
    ended = false;
    order = told;
    for (int rank = 0; rank < ports.size(); rank++) {
      attempt.add(TrainerProcess.start(launcher, folder, rank, ports));
    }
  }

  /** Stops the present attempt, with time for a checkpoint. */
  void stop() throws InterruptedException {
    attempt.forEach(TrainerProcess::terminate);
    for (TrainerProcess trainer : attempt) {
      trainer.awaitEnd(PATIENCE);
    }
  }

  /** Stops the present attempt and forgets it, except for its last progress. */
  void discard(Instant now) throws IOException, InterruptedException {
    stop();
    observe(now);
    attempt.clear();
  }

  /** The newest progress of the present attempt, or of the last one; null until there is one. */
  Progress progress() {
    return progress;
  }

  /** All of them taken together: they run when all do, and have ended when all have. */
  ObservedState.Work observe(Instant now) throws IOException, InterruptedException {
    if (attempt.isEmpty()) {
      return ObservedState.Work.absent();
    }
    attempt.forEach(trainer -> trainer.look(now));
    if (attempt.get(0).isAlive()) {
      status.progress(ports.get(0)).ifPresent(said -> progress = said);
    }
    Optional<TrainerProcess> cause =
        attempt.stream().filter(TrainerProcess::failed).min(TrainerProcess.BY_BLAME);
    if (attempt.stream().noneMatch(TrainerProcess::isAlive)) {
      end(cause);
      return cause.isPresent()
          ? seen(WorkState.Failed, cause.get())
          : seen(WorkState.Succeeded, attempt.get(0));
    }
    // While the others leave it is about to start again.
    return cause.isPresent()
        ? seen(WorkState.Pending, cause.get())
        : new ObservedState.Work(WorkState.Running, null, null, null, failures, null, order, null);
  }

  /** However many failed, the attempt fails once. */
  private void end(Optional<TrainerProcess> cause) throws IOException {
    if (!ended) {
      ended = true;
      failures += cause.filter(TrainerProcess::counts).isPresent() ? 1 : 0;
      lastWords().ifPresent(said -> progress = said);
    }
  }

  /** The attempt, as seen from this process, which has ended. */
  private ObservedState.Work seen(WorkState state, TrainerProcess of) throws IOException {
    String words = attempt.size() == 1 || !of.failed() ? null : of.lastError();
    Instant last =
        attempt.stream()
            .filter(trainer -> !trainer.isAlive())
            .map(TrainerProcess::endedAt)
            .max(Comparator.naturalOrder())
            .orElseThrow();
    return state == WorkState.Pending
        ? new ObservedState.Work(state, null, of.exitCode(), words, failures, null, order, last)
        : new ObservedState.Work(state, null, of.exitCode(), words, failures, last, order, null);
  }

  private Optional<Progress> lastWords() throws IOException {
    return Files.exists(folder.lastProgress())
        ? Optional.of(RunJson.read(Files.readString(folder.lastProgress()), Progress.class))
        : Optional.empty();
  }
}
