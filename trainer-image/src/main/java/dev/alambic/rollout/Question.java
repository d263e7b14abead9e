package dev.alambic.rollout;

/**
 * What is to be answered.
 *
 * @param number of the answer in its run, from 0
 * @param key that decides the draws, with the seed
 * @param prompt token ids, one or more
 * @param given the data's own answer, which stands for the student's; null: the student answers
 */
public record Question(long number, long key, int[] prompt, int[] given) {}
