package dev.alambic.rollout;

import java.util.Arrays;

/**
 * An answer.
 *
 * @param number of the answer in its run, from 0
 * @param prompt token ids
 * @param tokens of the answer, one or more; its end token, if there is one, is the last
 * @param logProbabilities of the tokens as they were drawn, at the sampling's temperature; null for
 *     an answer that the student did not write
 */
public record Answer(long number, int[] prompt, int[] tokens, float[] logProbabilities) {
  /** Tokens of the answer. */
  public int length() {
    return tokens.length;
  }

  /** Prompt and answer. */
  public int[] sequence() {
    int[] all = Arrays.copyOf(prompt, prompt.length + tokens.length);
    System.arraycopy(tokens, 0, all, prompt.length, tokens.length);
    return all;
  }

  /** Its first tokens; all, if it has no more. */
  Answer first(long most) {
    if (tokens.length <= most) {
      return this;
    }
    return new Answer(
        number,
        prompt,
        Arrays.copyOf(tokens, (int) most),
        logProbabilities == null ? null : Arrays.copyOf(logProbabilities, (int) most));
  }
}
