package dev.alambic.bench.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/** This process's memory, as Linux counts it. */
public final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final byte[] ANONYMOUS = "RssAnon:".getBytes(StandardCharsets.US_ASCII);

  private ProcessMemory() {}

  /** {@link #anonymous} for frequent calls: one buffer is used again. */
  public static LongSupplier anonymousAgain() {
    byte[] text = new byte[1 << 13];
    return () -> {
      try (RandomAccessFile status = new RandomAccessFile(STATUS.toFile(), "r")) {
        return anonymous(text, status.read(text));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  private static long anonymous(byte[] text, int length) {
    int at = 0;
    while (at + ANONYMOUS.length < length
        && !Arrays.equals(text, at, at + ANONYMOUS.length, ANONYMOUS, 0, ANONYMOUS.length)) {
      at++;
    }
    long kibibytes = 0;
    for (int i = at + ANONYMOUS.length; i < length && text[i] != 'k'; i++) {
      if (text[i] >= '0' && text[i] <= '9') {
        kibibytes = 10 * kibibytes + text[i] - '0';
      }
    }
    return kibibytes << 10;
  }

  /** Bytes that belong to no file: what cannot be had again from the disk. */
  public static long anonymous() {
    return read("RssAnon");
  }

  /** Bytes in memory at the peak of the process's life, mapped files included. */
  public static long highWaterMark() {
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
}
