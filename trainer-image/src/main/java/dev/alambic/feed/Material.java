package dev.alambic.feed;

import dev.alambic.step.RunState;

/** What a run learns from, and what it is measured by. */
public sealed interface Material permits CorpusMaterial, RolloutMaterial {
  /** SHA-256 of the tokens, by which a checkpoint knows its run again. */
  String digest();

  /** The batches of a run that continues from here. */
  BatchSource batches(RunState state);

  /**
   * The evaluation; a teacher that knows no text is refused.
   *
   * @throws InterruptedException when the run is asked to stop while waiting for the teacher
   */
  Evaluation evaluation() throws InterruptedException;
}
