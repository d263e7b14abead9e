package dev.alambic.cli.text;

import java.time.Duration;
import java.util.Locale;

/** Durations as people read them: {@code 45s}, {@code 3m 20s}, {@code 2h 05m}, {@code 4d 7h}. */
final class Span {
  private Span() {}

  /** Writes a duration with its two largest units. */
  static String format(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return pair("%dm %02ds", seconds / 60, seconds % 60);
    }
    if (seconds < 86_400) {
      return pair("%dh %02dm", seconds / 3600, seconds / 60 % 60);
    }
    return pair("%dd %dh", seconds / 86_400, seconds / 3600 % 24);
  }

  private static String pair(String format, long large, long small) {
    return String.format(Locale.ROOT, format, large, small);
  }
}
