package dev.alambic.signal;

import java.io.ByteArrayOutputStream;

/** Numbers of few bits, one after the other, each from its lowest bit. */
final class BitWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private long pending;
  private int pendingBits;

  /** Writes the low {@code bits} bits of a value, 0 to 31 of them. */
  void write(int value, int bits) {
    pending |= (long) value << pendingBits;
    pendingBits += bits;
    while (pendingBits >= Byte.SIZE) {
      out.write((int) pending);
      pending >>>= Byte.SIZE;
      pendingBits -= Byte.SIZE;
    }
  }

  /** All bytes, the last one filled up with zero bits. */
  byte[] finish() {
    if (pendingBits > 0) {
      out.write((int) pending);
      pending = 0;
      pendingBits = 0;
    }
    return out.toByteArray();
  }

  /** Bits that tell {@code values} values apart. */
  static int bitsFor(long values) {
    return Long.SIZE - Long.numberOfLeadingZeros(values - 1);
  }
}
