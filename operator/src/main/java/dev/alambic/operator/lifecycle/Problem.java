package dev.alambic.operator.lifecycle;

/**
 * Why something waits that should run.
 *
 * @param reason the platform's word: ImagePullBackOff, Unschedulable, …
 * @param message the platform's explanation, or null
 */
public record Problem(String reason, String message) {

  /** Reason and message in one line. */
  public String words() {
    return message == null || message.isBlank() ? reason : reason + ": " + message;
  }
}
