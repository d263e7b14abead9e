package dev.alambic.operator.lifecycle;

/**
 * Why something waits that should run.
 *
 * @param reason the platform's word: ImagePullBackOff, Unschedulable, …
 * @param message the platform's explanation with the object's name, or null
 * @param fatal whether no further attempt can mend it
 */
public record Problem(String reason, String message, boolean fatal) {

  /** A problem that may pass. */
  public static Problem of(String reason, String message) {
    return new Problem(reason, message, false);
  }

  /** A problem that only a person can mend. */
  public static Problem fatal(String reason, String message) {
    return new Problem(reason, message, true);
  }

  /** Reason and message in one line. */
  public String words() {
    return message == null || message.isBlank() ? reason : reason + ": " + message;
  }
}
