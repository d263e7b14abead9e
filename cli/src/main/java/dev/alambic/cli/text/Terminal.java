package dev.alambic.cli.text;

import dev.alambic.io.StandardOutput;
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
        StandardOutput.isTerminal() && !"dumb".equals(System.getenv("TERM")),
        encoding().newEncoder().canEncode('█'));
  }

  private static Charset encoding() {
    String name = System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding"));
    return name != null && Charset.isSupported(name)
        ? Charset.forName(name)
        : Charset.defaultCharset();
  }
}
