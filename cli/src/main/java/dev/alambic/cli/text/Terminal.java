package dev.alambic.cli.text;

import java.io.Console;
import java.nio.charset.Charset;

/**
 * What standard output can show.
 *
 * @param interactive whether a line can be redrawn in place
 * @param unicode whether block characters come out as such
 */
public record Terminal(boolean interactive, boolean unicode) {

  /** That of this process. */
  public static Terminal ofThisProcess() {
    return new Terminal(
        isTerminal(System.console()) && !"dumb".equals(System.getenv("TERM")),
        encoding().newEncoder().canEncode('█'));
  }

  /** Since Java 22 there is a console without a terminal too, and a method that tells. */
  private static boolean isTerminal(Console console) {
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException beforeJava22) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  private static Charset encoding() {
    String name = System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding"));
    return name != null && Charset.isSupported(name)
        ? Charset.forName(name)
        : Charset.defaultCharset();
  }
}
