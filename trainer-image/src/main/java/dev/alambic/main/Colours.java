package dev.alambic.main;

import dev.alambic.io.StandardOutput;
import java.util.Map;

/** Whether output is coloured: on a terminal, unless the environment asks otherwise. */
final class Colours {
  private Colours() {}

  /**
   * As https://no-color.org asks: any text in NO_COLOR means none, unless the command line asks
   * otherwise.
   *
   * @param asked the option of the command line, or null
   */
  static boolean wanted(Boolean asked, Map<String, String> environment) {
    if (asked != null) {
      return asked;
    }
    String none = environment.getOrDefault("NO_COLOR", "");
    return none.isEmpty() && StandardOutput.isTerminal();
  }
}
