package dev.alambic.corpus;

/**
 * The order in which a run reads its sequences: a pure function of seed and position, so a resumed
 * run needs nothing but its position. Every epoch is another permutation of all sequences.
 *
 * <p>The permutation is a Feistel network over the smallest power of four that is large enough,
 * walked along its cycle until it falls inside the range (Black and Rogaway, CT-RSA 2002): no
 * table, at most four steps on average.
 *
 * @param count number of sequences, 1 to 2^62
 * @param seed another seed gives another order
 */
public record SequenceOrder(long count, long seed) {
  /** Most sequences: with more, an index of the network would not fit a positive long. */
  static final long MOST = 1L << 62;

  private static final int ROUNDS = 6;

  public SequenceOrder {
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException("count: " + count + " must be from 1 to " + MOST);
    }
  }

  /**
   * The sequence read at a position.
   *
   * @param position sequences read before it, over all epochs, from 0
   * @return an index from 0 to {@code count - 1}
   */
  public long index(long position) {
    if (position < 0) {
      throw new IllegalArgumentException("position: " + position + " must not be negative");
    }
    long key = SplitMix64.mix(SplitMix64.mix(seed) + position / count);
    int halfBits = halfBits(count);
    long index = position % count;
    do {
      index = feistel(index, halfBits, key);
    } while (index >= count);
    return index;
  }

  /** Half the bits of the smallest power of four that is at least {@code count}. */
  private static int halfBits(long count) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(count - 1);
    return Math.max(1, (bits + 1) / 2);
  }

  private static long feistel(long value, int halfBits, long key) {
    long mask = (1L << halfBits) - 1;
    long left = value >>> halfBits;
    long right = value & mask;
    for (int round = 0; round < ROUNDS; round++) {
      long next =
          left ^ (SplitMix64.mix(key + SplitMix64.mix(right + ((long) round << 32))) & mask);
      left = right;
      right = next;
    }
    return left << halfBits | right;
  }
}
