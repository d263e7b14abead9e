package dev.alambic.train;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Tokens per second over the last minute. */
final class Throughput {
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private record Mark(long nanos, long tokens) {}

  private final Deque<Mark> marks = new ArrayDeque<>();

  /** Notes that {@code tokens} are done at {@code nanos} of a monotonic clock. */
  void mark(long nanos, long tokens) {
    marks.addLast(new Mark(nanos, tokens));
    while (marks.size() > 2 && nanos - marks.getFirst().nanos() > WINDOW.toNanos()) {
      marks.removeFirst();
    }
  }

  /** Tokens per second, or null before two marks. */
  Double perSecond() {
    if (marks.size() < 2) {
      return null;
    }
    double seconds = (marks.getLast().nanos() - marks.getFirst().nanos()) / 1e9;
    return seconds <= 0 ? null : (marks.getLast().tokens() - marks.getFirst().tokens()) / seconds;
  }
}
