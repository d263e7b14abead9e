package dev.alambic.train;

import dev.alambic.run.RunException;
import java.time.Duration;
import java.util.List;

/** What gives a run its batches. */
interface BatchSource {
  /**
   * The batch of the step that comes next.
   *
   * @param state before that step
   * @throws RunException when the teacher does not answer
   * @throws InterruptedException when the run is asked to stop while waiting
   */
  List<Example> next(RunState state) throws InterruptedException;

  /** Time spent waiting for the teacher so far. */
  Duration waited();
}
