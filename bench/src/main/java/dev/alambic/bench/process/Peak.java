package dev.alambic.bench.process;

import java.util.function.LongSupplier;

/** The highest of a quantity of bytes, looked at every 10 ms. */
public final class Peak implements AutoCloseable {
  private final LongSupplier bytes;
  private final Thread watcher = new Thread(this::watch, "peak");
  private volatile long highest;

  /** Looks from now on. */
  public Peak(LongSupplier bytes) {
    this.bytes = bytes;
    watcher.setDaemon(true);
    watcher.start();
  }

  private void watch() {
    try {
      while (true) {
        highest = Math.max(highest, bytes.getAsLong());
        Thread.sleep(10);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // It is closed.
    }
  }

  /** The highest so far, in bytes. */
  public long bytes() {
    return Math.max(highest, bytes.getAsLong());
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
