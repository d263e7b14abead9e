package dev.alambic.teacher.openai;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** The header with which a server asks to come back later (RFC 9110, section 10.2.3). */
final class RetryAfter {
  private static final Duration LONGEST = Duration.ofDays(365);

  private RetryAfter() {}

  /**
   * The time to wait.
   *
   * @param value seconds or a date; null and anything else give no time
   */
  static Duration parse(String value, Instant now) {
    if (value == null) {
      return Duration.ZERO;
    }
    if (value.matches("[0-9]{1,8}")) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    try {
      Instant then = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(now, then);
      return wait.isNegative() ? Duration.ZERO : wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
    } catch (DateTimeException e) {
      return Duration.ZERO;
    }
  }
}
