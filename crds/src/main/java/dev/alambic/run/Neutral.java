package dev.alambic.run;

import java.util.Locale;

/** What a program's surroundings must not change. */
public final class Neutral {
  private Neutral() {}

  /**
   * Makes digits, letters and dates the same in every language, for the whole program: to be called
   * before anything else. Names of checkpoints are digits, and on a machine of an Arabic or Persian
   * reader {@code %d} writes others, which nothing finds again.
   */
  public static void language() {
    Locale.setDefault(Locale.ROOT);
  }
}
