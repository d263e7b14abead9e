package dev.alambic.teacher;

import dev.alambic.failure.RunException;
import dev.alambic.signal.Fingerprint;
import dev.alambic.signal.Signal;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A teacher that has answered once. Threads may share it. */
public interface ConnectedTeacher extends AutoCloseable {
  /** What its signals mean. */
  Fingerprint fingerprint();

  /**
   * Asks for the signals of sequences of T + 1 tokens each, T at least 1.
   *
   * @return one signal of T positions per sequence, in order; fails with a {@link RunException}:
   *     TEACHER_UNAVAILABLE if it does not answer within the policy's patience, DATA if the teacher
   *     refuses the request or is not the one that was connected to
   */
  CompletableFuture<List<Signal>> score(List<int[]> sequences);

  /** Gives up all that is under way: its answers fail. */
  @Override
  void close();
}
