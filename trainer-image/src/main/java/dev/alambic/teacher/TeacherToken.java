package dev.alambic.teacher;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.run.RunSpec;
import io.grpc.Metadata;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** What a teacher demands of who asks it, if anything; it never shows. */
public final class TeacherToken {
  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final String SCHEME = "Bearer ";
  private static final TeacherToken NONE = new TeacherToken("");

  private final String value;

  private TeacherToken(String value) {
    this.value = value;
  }

  /** A teacher with it answers everybody. */
  public static TeacherToken none() {
    return NONE;
  }

  /**
   * A token.
   *
   * @param text or null, or empty: none; a line break at its end, as files have it, is dropped
   * @throws RunException USAGE if it cannot stand in a header
   */
  public static TeacherToken of(String text) {
    String value = text == null ? "" : text.strip();
    if (!value.matches("[\\x21-\\x7e]*")) {
      throw new RunException(
          ExitCode.USAGE,
          RunSpec.TEACHER_TOKEN_VARIABLE
              + ": the token has characters that no header has: give it without spaces or quotes");
    }
    return new TeacherToken(value);
  }

  /** What shows this token. */
  Metadata headers() {
    Metadata headers = new Metadata();
    if (!value.isEmpty()) {
      headers.put(HEADER, SCHEME + value);
    }
    return headers;
  }

  /** Whether a presented token is the right one. */
  static boolean isShownIn(Metadata headers) {
    return headers.containsKey(HEADER);
  }

  /** Whether who shows these may ask. Its time reveals nothing of the token. */
  boolean admits(Metadata headers) {
    return value.isEmpty() || MessageDigest.isEqual(bytes(SCHEME + value), bytes(shown(headers)));
  }

  private static String shown(Metadata headers) {
    String shown = headers.get(HEADER);
    return shown == null ? "" : shown;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return value.isEmpty() ? "no token" : "***";
  }
}
