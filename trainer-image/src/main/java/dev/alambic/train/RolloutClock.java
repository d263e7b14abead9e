package dev.alambic.train;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** How long a student has answered so far; written by the training thread, read by any. */
public final class RolloutClock {
  private final AtomicLong nanos = new AtomicLong();

  void wrote(long moreNanos) {
    nanos.addAndGet(moreNanos);
  }

  /** Time spent answering, evaluations left out. */
  public Duration wrote() {
    return Duration.ofNanos(nanos.get());
  }
}
