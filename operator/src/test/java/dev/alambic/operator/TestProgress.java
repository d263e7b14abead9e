package dev.alambic.operator;

import dev.alambic.run.Progress;
import dev.alambic.run.ProgressBuilder;

/** What a trainer says, where only its state and its tokens matter. */
public final class TestProgress {
  private TestProgress() {}

  /** Progress after so many of 1000 tokens. */
  public static Progress progress(Progress.State state, long tokens) {
    return ProgressBuilder.builder()
        .version(Progress.VERSION)
        .job("j")
        .stage(new Progress.Stage(state, null))
        .position(new Progress.Position(1, tokens, 1000))
        .build();
  }
}
