/**
 * Text from a decoder: prompts in, sampled tokens and their log-probabilities out, one token at a
 * time through a cache.
 */
package dev.alambic.generate;
