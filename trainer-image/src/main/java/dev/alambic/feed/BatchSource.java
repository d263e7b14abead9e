package dev.alambic.feed;

import dev.alambic.failure.RunException;
import dev.alambic.step.Example;
import dev.alambic.step.RunState;
import java.time.Duration;
import java.util.List;

/** What gives a run its batches. */
public interface BatchSource {
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
