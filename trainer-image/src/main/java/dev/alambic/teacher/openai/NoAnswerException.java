package dev.alambic.teacher.openai;

import java.time.Duration;

/** The server did not answer this time; it may the next. */
final class NoAnswerException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean fault;
  private final Duration comeBackAfter;

  private NoAnswerException(String why, boolean fault, Duration comeBackAfter) {
    super(why);
    this.fault = fault;
    this.comeBackAfter = comeBackAfter;
  }

  /** It isn't there, or has no time. */
  static NoAnswerException busy(String why, Duration comeBackAfter) {
    return new NoAnswerException(why, false, comeBackAfter);
  }

  /** It failed on this question, and may do so each time. */
  static NoAnswerException fault(String why) {
    return new NoAnswerException(why, true, Duration.ZERO);
  }

  boolean fault() {
    return fault;
  }

  /** How long it asks to be left alone. */
  Duration comeBackAfter() {
    return comeBackAfter;
  }
}
