package dev.alambic.teacher;

import dev.alambic.signal.Signal;
import dev.alambic.signal.SignalSettings;
import java.util.List;

/** A loaded teacher. Used and closed by the one thread that loaded it. */
public interface Scorer extends AutoCloseable {
  /** Who this is. */
  ModelDescription describe();

  /**
   * The teacher's signals.
   *
   * @param sequences T + 1 tokens each, T at least 1; lengths may differ
   * @return one signal of T positions per sequence, in order
   */
  List<Signal> score(List<int[]> sequences, SignalSettings settings);

  @Override
  void close();
}
