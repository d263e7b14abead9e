package dev.alambic.signal;

/**
 * Draws from the distribution.
 *
 * @param draws per position
 * @param ids the distinct ids drawn, ascending within a position
 * @param counts how often each was drawn
 * @param offsets {@code [T + 1]}: position i has entries {@code offsets[i]} to {@code offsets[i +
 *     1]}
 */
public record SampledSignal(
    int draws, float[] labelLogProbability, float[] entropy, int[] ids, int[] counts, int[] offsets)
    implements Signal {}
