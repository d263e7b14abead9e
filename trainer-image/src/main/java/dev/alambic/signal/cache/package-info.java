/**
 * What a teacher once said, kept on a volume: records by the tokens they speak of, in append-only
 * blocks that several jobs read and write at once.
 */
package dev.alambic.signal.cache;
