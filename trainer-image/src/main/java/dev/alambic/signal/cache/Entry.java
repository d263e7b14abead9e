package dev.alambic.signal.cache;

/**
 * Where a record lies in its block.
 *
 * @param key of the sequence it speaks of
 * @param offset of its first byte
 * @param length bytes
 */
record Entry(long key, long offset, int length) {
  /** A record comes in one message of that size at most. */
  private static final int LONGEST = 256 << 20;

  /** Whether a block of this length can hold it, which bounds what is read. */
  boolean liesWithin(long blockBytes) {
    return offset >= BlockFormat.HEADER_BYTES
        && length > 0
        && length <= LONGEST
        && offset <= blockBytes - length;
  }
}
