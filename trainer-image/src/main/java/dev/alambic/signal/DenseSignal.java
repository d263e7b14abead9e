package dev.alambic.signal;

/**
 * The whole distribution.
 *
 * @param labelLogProbability {@code [T]}, at temperature 1: their mean is the teacher's own loss
 * @param logProbabilities {@code [T * vocabulary]}, nats, at the signal's temperature
 */
public record DenseSignal(float[] labelLogProbability, float[] entropy, float[] logProbabilities)
    implements Signal {}
