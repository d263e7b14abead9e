package dev.alambic.generate;

/**
 * The text and tokens that a decoder generated.
 *
 * @param tokens the new tokens; the end token, if there is one, is the last
 * @param logProbabilities of each, see {@link Sampler.Choice#logProbability}
 * @param ended whether an end token came before the tokens ran out
 */
public record Generated(int[] tokens, double[] logProbabilities, boolean ended) {}
