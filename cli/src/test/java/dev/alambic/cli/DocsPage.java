package dev.alambic.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of the guide, parts of which are made by the code. */
public record DocsPage(Path file) {

  /** A page of {@code docs/}. */
  public static DocsPage of(String name) {
    return new DocsPage(Path.of("../docs").resolve(name));
  }

  /**
   * Holds the part between {@code <!-- made: NAME -->} and {@code <!-- end -->} against what it is
   * made from, or writes it on request.
   */
  public void assertPartIs(String name, String made, Class<?> test) throws IOException {
    String page = Files.readString(file);
    String mark = "<!-- made: " + name + " -->\n";
    int start = page.indexOf(mark);
    assertThat(start).as("%s in %s", mark.strip(), file).isNotNegative();
    int from = start + mark.length();
    int to = page.indexOf("<!-- end -->", from);
    if (System.getProperty("alambic.docs.write") != null) {
      Files.writeString(file, page.substring(0, from) + made + page.substring(to));
      return;
    }
    assertThat(page.substring(from, to))
        .as(
            "%s is not up to date: mvn -pl crds,operator,cli test -Dtest=%s"
                + " -Dalambic.docs.write",
            file, test.getSimpleName())
        .isEqualTo(made);
  }
}
