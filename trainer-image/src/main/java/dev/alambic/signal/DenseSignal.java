package dev.alambic.signal;

/**
 * The whole distribution.
 *
 * @param logProbabilities {@code [T * vocabulary]}, nats
 */
public record DenseSignal(float[] labelLogProbability, float[] entropy, float[] logProbabilities)
    implements Signal {}
