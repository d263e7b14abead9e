package dev.alambic.signal;

import java.nio.ByteBuffer;

/** Reads what {@link BitWriter} wrote. */
final class BitReader {
  private final ByteBuffer in;
  private long pending;
  private int pendingBits;

  BitReader(ByteBuffer in) {
    this.in = in;
  }

  long remainingBits() {
    return pendingBits + (long) in.remaining() * Byte.SIZE;
  }

  /** The next value of {@code bits} bits; the caller has checked that they are there. */
  int read(int bits) {
    while (pendingBits < bits) {
      pending |= (in.get() & 0xFFL) << pendingBits;
      pendingBits += Byte.SIZE;
    }
    int value = (int) (pending & ((1L << bits) - 1));
    pending >>>= bits;
    pendingBits -= bits;
    return value;
  }

  /** Whether nothing is left but the zero bits that fill the last byte. */
  boolean atEnd() {
    return in.remaining() == 0 && pending == 0;
  }
}
