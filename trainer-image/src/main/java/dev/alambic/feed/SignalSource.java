package dev.alambic.feed;

import dev.alambic.signal.Signal;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The source of a teacher's signals: a teacher across the network, or none. */
public interface SignalSource {
  /**
   * Asks for the signals of sequences of T + 1 tokens each.
   *
   * @return one signal of T positions per sequence, in order; fails with a {@link
   *     dev.alambic.failure.RunException} when no teacher answers in time
   * @throws InterruptedException when interrupted while it waits for a teacher to be there at all
   */
  CompletableFuture<List<Signal>> score(List<int[]> sequences) throws InterruptedException;
}
