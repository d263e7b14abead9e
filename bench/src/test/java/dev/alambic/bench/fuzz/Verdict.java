package dev.alambic.bench.fuzz;

import java.util.regex.Pattern;

/** What a parser made of an input. */
sealed interface Verdict {
  /** It was read. */
  record Accepted() implements Verdict {}

  /** It was refused as documented, in words that a user can read. */
  record Refused() implements Verdict {}

  /** Anything else; the reason is for people. */
  record Crash(String reason) implements Verdict {}

  /** No refusal is longer, in characters: what comes from the input is cut. */
  int LONGEST_MESSAGE = 2_000;

  /** Lines and control characters could forge log lines or steer a terminal. */
  Pattern UNPRINTABLE = Pattern.compile("\\p{Cc}");

  /** The verdict on what a parser threw; null if it returned. */
  static Verdict of(Target target, Throwable thrown) {
    if (thrown == null) {
      return new Accepted();
    }
    if (!target.refusesWith(thrown)) {
      StackTraceElement[] trace = thrown.getStackTrace();
      return new Crash(thrown + (trace.length == 0 ? "" : " at " + trace[0]));
    }
    String message = thrown.getMessage();
    if (message == null || message.isBlank()) {
      return new Crash("a refusal without a reason: " + thrown);
    }
    if (message.length() > LONGEST_MESSAGE) {
      return new Crash("a refusal of " + message.length() + " characters");
    }
    if (UNPRINTABLE.matcher(message).find()) {
      return new Crash("a refusal with control characters: " + message.replaceAll("\\p{Cc}", "?"));
    }
    return new Refused();
  }
}
