package dev.alambic.signal;

import java.util.Arrays;

/** Numbers of few bits, one after the other, each from its lowest bit. */
final class BitWriter {
  private byte[] bytes = new byte[1024];
  private int length;
  private long pending;
  private int pendingBits;

  /** Writes the low {@code bits} bits of a value, 0 to 31 of them; the others are zero. */
  void write(int value, int bits) {
    pending |= (long) value << pendingBits;
    pendingBits += bits;
    while (pendingBits >= Byte.SIZE) {
      append((byte) pending);
      pending >>>= Byte.SIZE;
      pendingBits -= Byte.SIZE;
    }
  }

  private void append(byte value) {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.multiplyExact(2, length));
    }
    bytes[length++] = value;
  }

  /** All bytes, the last one filled up with zero bits. */
  byte[] finish() {
    if (pendingBits > 0) {
      append((byte) pending);
      pending = 0;
      pendingBits = 0;
    }
    return Arrays.copyOf(bytes, length);
  }

  /** Bits that distinguish {@code values} values. */
  static int bitsFor(long values) {
    return Long.SIZE - Long.numberOfLeadingZeros(values - 1);
  }
}
