package dev.alambic.teacher.openai;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.run.RunSpec;
import java.net.http.HttpRequest;

/** The key that a server may ask for; it never shows. */
public final class ApiKey {
  private final String value;

  private ApiKey(String value) {
    this.value = value;
  }

  /**
   * A key.
   *
   * @param text or null, or empty: none; a line break at its end, as files have it, is dropped
   * @throws RunException if it cannot stand in a header
   */
  public static ApiKey of(String text) {
    String value = text == null ? "" : text.strip();
    if (!value.matches("[\\x21-\\x7e]*")) {
      throw new RunException(
          ExitCode.USAGE,
          RunSpec.TEACHER_API_KEY_VARIABLE
              + ": the key has characters that no key has: give it without spaces or quotes");
    }
    return new ApiKey(value);
  }

  void addTo(HttpRequest.Builder request) {
    if (!value.isEmpty()) {
      request.header("Authorization", "Bearer " + value);
    }
  }

  /** A server may repeat what it was sent. */
  String hiddenIn(String text) {
    return value.isEmpty() ? text : text.replace(value, "***");
  }

  /** What to do when it isn't taken. */
  String advice() {
    return value.isEmpty()
        ? "it asks for a key: name the Secret in spec.teacher.apiKey, or set "
            + RunSpec.TEACHER_API_KEY_VARIABLE
        : "see that the key in spec.teacher.apiKey or "
            + RunSpec.TEACHER_API_KEY_VARIABLE
            + " is this server's";
  }

  @Override
  public String toString() {
    return value.isEmpty() ? "no key" : "***";
  }
}
