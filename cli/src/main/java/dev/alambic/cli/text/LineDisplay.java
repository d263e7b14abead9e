package dev.alambic.cli.text;

import dev.alambic.run.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Prints a line when the run does something else, when the verdict changes, and every ten seconds
 * in between: for logs and pipes.
 */
final class LineDisplay implements RunDisplay {
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final PrintStream out;
  private final InstantSource clock;
  private Progress shown;
  private Instant shownAt;
  private String line = "";

  LineDisplay(PrintStream out, InstantSource clock) {
    this.out = out;
    this.clock = clock;
  }

  @Override
  public void show(Progress progress) {
    String next = ProgressText.line(progress);
    if (next.equals(line) || !(isNews(progress) || isDue())) {
      return;
    }
    out.println(next);
    out.flush();
    line = next;
    shown = progress;
    shownAt = clock.instant();
  }

  @Override
  public void close() {
    out.flush();
  }

  private boolean isDue() {
    return !shownAt.plus(INTERVAL).isAfter(clock.instant());
  }

  private boolean isNews(Progress progress) {
    return shown == null
        || !activity(shown).equals(activity(progress))
        || verdict(shown) != verdict(progress);
  }

  /** Without its digits: a growing count alone is not worth a new line. */
  private static String activity(Progress progress) {
    return ProgressText.activity(progress).replaceAll("[0-9.]+", "#");
  }

  private static Object verdict(Progress progress) {
    return progress.verdict().saturation() == null ? null : progress.verdict().saturation().state();
  }
}
