package dev.alambic.rollout;

import java.util.Arrays;

/** An answer while it is written. */
final class Draft {
  private final Question question;
  private int[] tokens;
  private float[] logProbabilities;
  private int length;
  private boolean done;

  private Draft(Question question, int[] tokens, float[] logProbabilities) {
    this.question = question;
    this.tokens = tokens;
    this.logProbabilities = logProbabilities;
  }

  /** An empty one; or the data's own answer, cut to the most tokens, which is done. */
  static Draft of(Question question, int maxNewTokens) {
    if (question.given() == null) {
      return new Draft(question, new int[maxNewTokens], new float[maxNewTokens]);
    }
    int length = Math.min(maxNewTokens, question.given().length);
    Draft draft = new Draft(question, Arrays.copyOf(question.given(), length), null);
    draft.length = length;
    draft.done = true;
    return draft;
  }

  Question question() {
    return question;
  }

  int length() {
    return length;
  }

  int last() {
    return tokens[length - 1];
  }

  boolean done() {
    return done;
  }

  /** One more token. */
  void add(int token, float logProbability, boolean ends) {
    tokens[length] = token;
    logProbabilities[length++] = logProbability;
    done = ends || length == tokens.length;
  }

  Answer answer() {
    return new Answer(
        question.number(),
        question.prompt(),
        Arrays.copyOf(tokens, length),
        logProbabilities == null ? null : Arrays.copyOf(logProbabilities, length));
  }
}
