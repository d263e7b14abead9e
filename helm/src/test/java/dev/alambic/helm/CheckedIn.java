package dev.alambic.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file in the repository that is made from something else. */
final class CheckedIn {
  private CheckedIn() {}

  /** Holds the file against what it is made from, or writes it on request. */
  static void assertIs(Path file, String made, Class<?> test) throws IOException {
    if (System.getProperty("alambic.docs.write") != null) {
      Files.writeString(file, made);
    }
    assertThat(Files.readString(file))
        .as(
            "%s is not up to date: mvn -pl helm -am test -Dtest=%s -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dalambic.docs.write",
            file, test.getSimpleName())
        .isEqualTo(made);
  }
}
