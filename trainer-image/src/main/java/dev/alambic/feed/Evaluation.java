package dev.alambic.feed;

import dev.alambic.run.Progress.CurvePoint;

/** Scores a student on what is held out: always the same, so that only the student differs. */
public interface Evaluation extends AutoCloseable {
  /**
   * Scores the student as it is.
   *
   * @param tokens trained on so far
   * @param constantRate whether the learning rate was constant
   * @throws InterruptedException when the run is asked to stop while waiting for the teacher
   */
  CurvePoint evaluate(long tokens, boolean constantRate) throws InterruptedException;

  @Override
  void close();
}
