package dev.alambic.operator;

import dev.alambic.run.Progress;
import dev.alambic.run.ProgressBuilder;
import java.util.List;

/** What a trainer says, where only its state and its tokens matter. */
public final class Said {
  private Said() {}

  /** Progress after so many of 1000 tokens. */
  public static Progress progress(Progress.State state, long tokens) {
    return ProgressBuilder.builder()
        .version(Progress.VERSION)
        .job("j")
        .state(state)
        .step(1)
        .tokens(tokens)
        .tokenBudget(1000)
        .curve(List.of())
        .verdicts(List.of())
        .damagedCheckpoints(List.of())
        .build();
  }
}
