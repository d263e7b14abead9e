package dev.alambic.failure;

import java.util.regex.Pattern;

/** Text from outside, made fit for where it is shown or kept. */
public final class BoundedText {
  private static final String CUT = "…";
  private static final int CUT_BYTES = 3;

  private static final int LONGEST_LINE = 1_500;
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}]");

  private BoundedText() {}

  /**
   * One line that can be shown: what a user's file put into an error must not forge lines of a log,
   * steer a terminal or fill either. White space becomes blanks, other control characters question
   * marks; of a long text the beginning is kept. Null stays null.
   */
  public static String line(String text) {
    if (text == null) {
      return null;
    }
    String start = text.length() <= LONGEST_LINE ? text : text.substring(0, LONGEST_LINE) + CUT;
    return UNPRINTABLE.matcher(start.replaceAll("\\s+", " ")).replaceAll("?");
  }

  /**
   * The text, or as much of its beginning as fits into {@code bytes} of JSON in UTF-8, with an
   * ellipsis; null stays null.
   */
  public static String cut(String text, int bytes) {
    if (fits(text, bytes)) {
      return text;
    }
    int end = 0;
    int left = bytes - CUT_BYTES;
    while (left >= jsonBytes(text.codePointAt(end))) {
      left -= jsonBytes(text.codePointAt(end));
      end = text.offsetByCodePoints(end, 1);
    }
    return text.substring(0, end) + CUT;
  }

  /** Whether the text fits as it is; null does. */
  public static boolean fits(String text, int bytes) {
    return text == null || text.codePoints().mapToLong(BoundedText::jsonBytes).sum() <= bytes;
  }

  /** Bytes of one character as JSON: control characters become {@code \u0001}. */
  private static int jsonBytes(int codePoint) {
    if (codePoint < 0x20) {
      return 6;
    }
    if (codePoint == '"' || codePoint == '\\') {
      return 2;
    }
    if (codePoint < 0x80) {
      return 1;
    }
    return codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }
}
