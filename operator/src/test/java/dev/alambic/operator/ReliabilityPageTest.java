package dev.alambic.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/reliability.md and docs/security.md say is shown by a test or a command is there. */
class ReliabilityPageTest {
  private static final Path HOME = Path.of("..");
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)(?:\\.(\\w+))?`");
  private static final Pattern COMMAND =
      Pattern.compile("`(?:(bench/(?!run)[\\w-]+)|e2e/run ([\\w-]+))");

  private static List<MatchResult> named(Pattern what) throws IOException {
    List<MatchResult> named = new ArrayList<>();
    for (String page : List.of("docs/reliability.md", "docs/security.md")) {
      what.matcher(Files.readString(HOME.resolve(page))).results().forEach(named::add);
    }
    return named;
  }

  @Test
  void testsThatAreNamedAreThere() throws IOException {
    List<MatchResult> tests = named(TEST);
    assertThat(tests).hasSizeGreaterThan(30);
    for (MatchResult test : tests) {
      String source = source(test.group(1));
      if (test.group(2) != null) {
        assertThat(source).as(test.group()).contains("void " + test.group(2) + "(");
      }
    }
  }

  /** Of all tests of that name: modules may each have one. */
  private static String source(String test) throws IOException {
    StringBuilder sources = new StringBuilder();
    try (Stream<Path> files =
        Files.find(HOME, 12, (path, file) -> path.endsWith(test + ".java") && !hidden(path))) {
      for (Path source : files.toList()) {
        sources.append(Files.readString(source));
      }
    }
    assertThat(sources).as(test + " is no test").isNotEmpty();
    return sources.toString();
  }

  private static boolean hidden(Path path) {
    return path.toString().contains("/target/");
  }

  @Test
  void commandsThatAreNamedAreThere() throws IOException {
    List<MatchResult> commands = named(COMMAND);
    assertThat(commands).hasSizeGreaterThan(5);
    for (MatchResult command : commands) {
      Path script =
          command.group(1) != null
              ? HOME.resolve(command.group(1))
              : HOME.resolve("e2e/scenarios").resolve(command.group(2));
      assertThat(script).isExecutable();
    }
  }
}
