package dev.alambic.rollout;

/** Hears answers, in the order of their questions, as soon as all before them are there. */
@FunctionalInterface
public interface AnswerListener {
  AnswerListener NONE = answer -> {};

  void answered(Answer answer) throws InterruptedException;
}
