/**
 * A teacher's signals kept on a volume: records by the digest of their tokens, in append-only
 * blocks that several jobs read and write at once.
 */
package dev.alambic.signal.cache;
