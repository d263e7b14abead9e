package dev.alambic.bench.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongSupplier;

/** This process's memory, as Linux counts it. */
public final class ProcessMemory {
  private ProcessMemory() {}

  /** The highest of a quantity of bytes, looked at every 10 ms from now on. */
  public static final class Peak implements AutoCloseable {
    private final LongSupplier bytes;
    private final Thread watcher = new Thread(this::watch, "peak");
    private volatile long highest;

    /** Looks at this quantity. */
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

  /**
   * Bytes that belong to no file: what cannot be had again from the disk. One buffer is used again,
   * so that frequent calls take no memory.
   */
  public static LongSupplier anonymous() {
    return reader("RssAnon:");
  }

  /** Bytes in memory at the peak of the process's life, mapped files included. */
  public static long highWaterMark() {
    return reader("VmHWM:").getAsLong();
  }

  private static LongSupplier reader(String field) {
    byte[] name = field.getBytes(StandardCharsets.US_ASCII);
    byte[] text = new byte[1 << 13];
    return () -> {
      try (RandomAccessFile status = new RandomAccessFile("/proc/self/status", "r")) {
        return bytes(name, text, status.read(text));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  /** A number of kibibytes, in bytes; 0 if the field is not in the text. */
  static long bytes(byte[] field, byte[] text, int length) {
    int at = 0;
    while (at + field.length < length
        && !Arrays.equals(text, at, at + field.length, field, 0, field.length)) {
      at++;
    }
    long kibibytes = 0;
    for (int i = at + field.length; i < length && text[i] != 'k'; i++) {
      if (text[i] >= '0' && text[i] <= '9') {
        kibibytes = 10 * kibibytes + text[i] - '0';
      }
    }
    return kibibytes << 10;
  }
}
