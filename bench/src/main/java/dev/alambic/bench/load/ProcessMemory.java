package dev.alambic.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** This process's memory, as Linux counts it. */
final class ProcessMemory implements AutoCloseable {
  private static final Path STATUS = Path.of("/proc/self/status");

  private final Thread watcher = new Thread(this::watch, "memory");
  private volatile boolean watching = true;
  private volatile long peak;

  /** Watches the anonymous memory from now on. */
  ProcessMemory() {
    watcher.setDaemon(true);
    watcher.start();
  }

  private void watch() {
    try {
      while (watching) {
        peak = Math.max(peak, anonymous());
        Thread.sleep(5);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Bytes that belong to no file: what cannot be had again from the disk. */
  static long anonymous() {
    return read("RssAnon");
  }

  /** Bytes in memory at the peak of the process's life, mapped files included. */
  static long highWaterMark() {
    return read("VmHWM");
  }

  private static long read(String field) {
    try {
      return bytes(field, Files.readAllLines(STATUS));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static long bytes(String field, List<String> status) {
    return status.stream()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.replaceAll("\\D", ""))
        .mapToLong(kibibytes -> Long.parseLong(kibibytes) << 10)
        .findFirst()
        .orElseThrow();
  }

  /** The largest anonymous memory since the start, in bytes. */
  long peak() {
    return Math.max(peak, anonymous());
  }

  @Override
  public void close() {
    watching = false;
  }
}
