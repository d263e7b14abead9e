package dev.alambic.progress;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** How often, and for how long in all, something was done; by the training thread, read by any. */
public final class TimeSpent {
  private final AtomicLong count = new AtomicLong();
  private final AtomicLong nanos = new AtomicLong();

  public void add(long moreNanos) {
    count.incrementAndGet();
    nanos.addAndGet(moreNanos);
  }

  /** How often so far. */
  public long count() {
    return count.get();
  }

  /** For how long in all. */
  public Duration total() {
    return Duration.ofNanos(nanos.get());
  }
}
