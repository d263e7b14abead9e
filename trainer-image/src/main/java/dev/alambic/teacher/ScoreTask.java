package dev.alambic.teacher;

import dev.alambic.signal.Signal;
import dev.alambic.signal.SignalSettings;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One request on its way through the queue.
 *
 * @param result its signals; whoever asked may cancel it
 */
record ScoreTask(List<int[]> sequences, SignalSettings settings, CompletableFuture<Scored> result) {

  ScoreTask(List<int[]> sequences, SignalSettings settings) {
    this(sequences, settings, new CompletableFuture<>());
  }

  int tokens() {
    return sequences.stream().mapToInt(sequence -> sequence.length).sum();
  }

  /**
   * What came of a task.
   *
   * @param engineSeconds that its whole batch took
   */
  record Scored(List<Signal> signals, double engineSeconds) {}
}
