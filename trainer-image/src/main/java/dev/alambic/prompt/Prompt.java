package dev.alambic.prompt;

/**
 * A prompt.
 *
 * @param tokens ids, one or more
 * @param completion ids of the data's own answer, its end token last; null if the data has none
 */
public record Prompt(int[] tokens, int[] completion) {}
