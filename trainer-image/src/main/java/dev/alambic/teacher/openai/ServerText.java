package dev.alambic.teacher.openai;

import dev.alambic.failure.BoundedText;

/** A server's text made fit to be shown: one line, short, printable. */
final class ServerText {
  private static final int MOST_BYTES = 300;

  private ServerText() {}

  static String brief(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return BoundedText.cut(line, MOST_BYTES);
  }
}
