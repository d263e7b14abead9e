package dev.alambic.bench.process;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;

/**
 * What this process has from glibc's allocator: the engine's tensors, and Java's direct buffers.
 */
public final class Malloc {
  private static final C LIBRARY = Native.load("c", C.class);
  private static final int MAPPED = 4;
  private static final int IN_USE = 7;

  private Malloc() {}

  private interface C extends Library {
    Info mallinfo2();
  }

  /** The ten numbers of mallinfo2, see mallinfo(3). */
  @FieldOrder("numbers")
  public static final class Info extends Structure implements Structure.ByValue {
    public long[] numbers = new long[10];
  }

  /** Bytes that are not freed, whether the system keeps pages of freed ones or not. */
  public static long inUse() {
    long[] numbers = LIBRARY.mallinfo2().numbers;
    return numbers[IN_USE] + numbers[MAPPED];
  }
}
