package dev.alambic.progress;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** What the last minute was spent on: tokens per second, and the share of it that was waiting. */
final class Pace {
  private static final Duration WINDOW = Duration.ofMinutes(1);

  /** The first answer is always waited for: a share of less time than this means nothing. */
  private static final double SHORTEST_SECONDS = 15;

  private record Mark(long nanos, long tokens, Duration waited) {}

  private final Deque<Mark> marks = new ArrayDeque<>();

  /**
   * Notes where the run is.
   *
   * @param nanos of a monotonic clock
   * @param tokens trained on so far
   * @param waited for the teacher so far
   */
  void mark(long nanos, long tokens, Duration waited) {
    marks.addLast(new Mark(nanos, tokens, waited));
    while (marks.size() > 2 && nanos - marks.getFirst().nanos() > WINDOW.toNanos()) {
      marks.removeFirst();
    }
  }

  /** Tokens per second, or null before two marks. */
  Double tokensPerSecond() {
    Double seconds = seconds();
    return seconds == null
        ? null
        : (Double) ((marks.getLast().tokens() - marks.getFirst().tokens()) / seconds);
  }

  /** Share of the time spent waiting for the teacher, 0 to 1, or null within the first seconds. */
  Double waitShare() {
    Double seconds = seconds();
    if (seconds == null || seconds < SHORTEST_SECONDS) {
      return null;
    }
    Duration waited = marks.getLast().waited().minus(marks.getFirst().waited());
    return Math.max(0, Math.min(1, waited.toNanos() / 1e9 / seconds));
  }

  private Double seconds() {
    if (marks.size() < 2) {
      return null;
    }
    double seconds = (marks.getLast().nanos() - marks.getFirst().nanos()) / 1e9;
    return seconds <= 0 ? null : (Double) seconds;
  }
}
