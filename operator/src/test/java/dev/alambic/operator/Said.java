package dev.alambic.operator;

import dev.alambic.run.Progress;
import java.util.List;

/** What a trainer says, where only its state and its tokens matter. */
public final class Said {
  private Said() {}

  /** Progress after so many of 1000 tokens. */
  public static Progress progress(Progress.State state, long tokens) {
    return new Progress(
        Progress.VERSION,
        "j",
        state,
        null,
        1,
        tokens,
        1000,
        null,
        null,
        0,
        0,
        null,
        null,
        List.of(),
        null,
        List.of(),
        null,
        null,
        List.of(),
        null);
  }
}
