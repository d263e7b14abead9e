package dev.alambic.run;

import dev.alambic.api.v1alpha1.SignalEncoding;

/**
 * How many bytes a teacher's words take: what the plan and the processes must agree on. T
 * positions, V vocabulary, N draws or ids; docs/signal-format.md has the layout.
 *
 * @param size draws (Sampled) or ids (TopK) per position; means nothing else otherwise
 */
public record SignalSize(SignalEncoding encoding, int size, int vocabularySize) {
  /**
   * The longest record of one sequence, in bytes: a reply holds it whole, and a gRPC message of 256
   * MiB holds one that is as long again.
   */
  public static final long MOST_RECORD_BYTES = 128L << 20;

  /** Header, checksum. */
  private static final int FRAME_BYTES = 64;

  /** Loss of the label and entropy, two bytes each. */
  private static final int POSITION_BYTES = 4;

  /** The same two as floats. */
  private static final long POSITION_HEAP_BYTES = 8;

  private static final long ENTRY_HEAP_BYTES = 8;

  /** The size of what a run asks for. */
  public static SignalSize of(RunSpec.Signal signal, int vocabularySize) {
    return new SignalSize(signal.encoding(), signal.size(), vocabularySize);
  }

  /**
   * The most bits of one position: Dense 32 V; TopK N pairs of an id and 16 bits, and one rest;
   * Sampled N pairs of an id and an Elias gamma code, which all together take N bits more than one
   * for each pair; Label none.
   */
  public long mostBitsPerPosition() {
    long entries = Math.min(size, vocabularySize);
    return switch (encoding) {
      case Dense -> (long) vocabularySize * Float.SIZE;
      case TopK -> entries * (idBits() + Short.SIZE) + Short.SIZE;
      case Sampled -> entries * (idBits() + 1) + size;
      case Label -> 0;
    };
  }

  private int idBits() {
    return Integer.SIZE - Integer.numberOfLeadingZeros(vocabularySize - 1);
  }

  /** The most bytes of the record of a sequence of {@code positions} positions. */
  public long largestRecord(int positions) {
    long body = (positions * mostBitsPerPosition() + Byte.SIZE - 1) / Byte.SIZE;
    return FRAME_BYTES + (long) POSITION_BYTES * positions + body;
  }

  /** Positions of the longest sequence whose record is sure to fit. */
  public long longestSequence() {
    long bits = Byte.SIZE * POSITION_BYTES + mostBitsPerPosition();
    return Byte.SIZE * (MOST_RECORD_BYTES - FRAME_BYTES) / bits;
  }

  /** The most bytes of the JVM's heap that this number of positions takes once they are read. */
  public long heapBytes(long positions) {
    long entries = Math.min(size, vocabularySize);
    return positions
        * switch (encoding) {
          case Dense -> POSITION_HEAP_BYTES + (long) Float.BYTES * vocabularySize;
          case TopK -> POSITION_HEAP_BYTES + ENTRY_HEAP_BYTES * entries + Float.BYTES;
          case Sampled -> POSITION_HEAP_BYTES + ENTRY_HEAP_BYTES * entries + Integer.BYTES;
          case Label -> POSITION_HEAP_BYTES;
        };
  }
}
