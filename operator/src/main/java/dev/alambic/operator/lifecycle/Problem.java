package dev.alambic.operator.lifecycle;

import java.time.Instant;

/**
 * Why something waits that should run.
 *
 * @param reason the platform's word: ImagePullBackOff, Unschedulable, …
 * @param message the platform's explanation with the object's name, or null
 * @param fatal whether no further attempt can mend it
 * @param from when it begins to be one, if nothing changes until then; null if it is one already
 */
public record Problem(String reason, String message, boolean fatal, Instant from) {
  /** The reason of pods that may or may not still run. */
  public static final String NODE_LOST = "NodeLost";

  /** A problem now. */
  public Problem(String reason, String message, boolean fatal) {
    this(reason, message, fatal, null);
  }

  /** A problem that may pass. */
  public static Problem of(String reason, String message) {
    return new Problem(reason, message, false);
  }

  /** A problem that only a person can mend. */
  public static Problem fatal(String reason, String message) {
    return new Problem(reason, message, true);
  }

  /** The same, if nothing changes until then. */
  public Problem from(Instant time) {
    return new Problem(reason, message, fatal, time);
  }

  /** The problem if it is one at this time; else null, as of null. */
  static Problem at(Instant now, Problem problem) {
    return problem == null || (problem.from != null && now.isBefore(problem.from)) ? null : problem;
  }

  /** Whether this is about a pod that may or may not still run. */
  boolean lost() {
    return NODE_LOST.equals(reason);
  }

  /** Reason and message in one line. */
  public String words() {
    return message == null || message.isBlank() ? reason : reason + ": " + message;
  }
}
