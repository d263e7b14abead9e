package dev.alambic.signal;

/**
 * The most probable ids, and one bucket for all others.
 *
 * @param size ids per position, K
 * @param labelLogProbability {@code [T]}, at temperature 1: their mean is the teacher's own loss
 * @param ids {@code [T * K]}, ascending within a position
 * @param logProbabilities {@code [T * (K + 1)]}, nats, at the signal's temperature: those of the
 *     ids, then that of all other ids together; within a position they are one distribution, but
 *     for the rounding of a record
 */
public record TopKSignal(
    int size, float[] labelLogProbability, float[] entropy, int[] ids, float[] logProbabilities)
    implements Signal {}
