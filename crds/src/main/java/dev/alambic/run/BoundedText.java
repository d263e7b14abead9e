package dev.alambic.run;

/** Text that has to fit a number of bytes once it is written as JSON in UTF-8. */
public final class BoundedText {
  private static final String CUT = "…";
  private static final int CUT_BYTES = 3;

  private BoundedText() {}

  /** The text, or as much of its beginning as fits, with an ellipsis; null stays null. */
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
