package dev.alambic.signal.cache;

/**
 * Where a record lies in its block.
 *
 * @param key of the sequence it speaks of
 * @param offset of its first byte
 * @param length bytes
 */
record Entry(long key, long offset, int length) {}
