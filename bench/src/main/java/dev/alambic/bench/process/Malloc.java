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

  private Malloc() {}

  private interface C extends Library {
    Info.Value mallinfo2();
  }

  /** See mallinfo(3). */
  @FieldOrder({
    "arena",
    "ordblks",
    "smblks",
    "hblks",
    "hblkhd",
    "usmblks",
    "fsmblks",
    "uordblks",
    "fordblks",
    "keepcost"
  })
  public static class Info extends Structure {
    public long arena;
    public long ordblks;
    public long smblks;
    public long hblks;
    public long hblkhd;
    public long usmblks;
    public long fsmblks;
    public long uordblks;
    public long fordblks;
    public long keepcost;

    /** As C returns it. */
    public static final class Value extends Info implements Structure.ByValue {}
  }

  /** Bytes that are not freed, whether the system keeps pages of freed ones or not. */
  public static long inUse() {
    Info info = LIBRARY.mallinfo2();
    return info.uordblks + info.hblkhd;
  }
}
