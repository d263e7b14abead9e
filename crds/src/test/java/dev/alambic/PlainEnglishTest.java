package dev.alambic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Messages, Javadoc and documents avoid phrases that readers have to decode; docs/glossary.md. */
class PlainEnglishTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern BANNED =
      Pattern.compile(
          "(?<!there )\\bis no (?!longer\\b|more\\b|better\\b|less\\b)|\\bis none of (?!these\\b|them\\b)"
              + "|\\b(or|and) alike\\b|\\bso many\\b|\\banew\\b|\\bsomebody\\b|\\bnobody\\b"
              + "|\\bgoes on\\b|\\bmakes steps\\b|\\bto blame\\b"
              + "|\\b(told|tells?|said|says) of\\b|\\b(is|are) told\\b",
          Pattern.CASE_INSENSITIVE);

  @Test
  void noBannedPhraseIsLeft() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : texts()) {
      // A phrase may run over the end of a line, with a comment's or a string's marks between.
      String text = Files.readString(file).replaceAll("\\s*\\n\\s*(\\*|//|\\+ \")?\\s*", " ");
      Matcher matcher = BANNED.matcher(text);
      while (matcher.find()) {
        int from = Math.max(0, matcher.start() - 40);
        int to = Math.min(text.length(), matcher.end() + 40);
        found.add(ROOT.relativize(file) + ": ..." + text.substring(from, to) + "...");
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void thePatternFindsWhatItBans() {
    assertThat("5 is none of 4").containsPattern(BANNED);
    assertThat("NOBODY answers").containsPattern(BANNED);
    assertThat("this is no file").containsPattern(BANNED);
    assertThat("there is no file").doesNotContainPattern(BANNED);
    assertThat("it is no longer there").doesNotContainPattern(BANNED);
  }

  private static List<Path> texts() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT, 20)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> covered(ROOT.relativize(file).toString()))
          .sorted()
          .toList();
    }
  }

  private static boolean covered(String path) {
    boolean source = path.endsWith(".java") && path.contains("/src/main/java/");
    boolean page = path.endsWith(".md") && !path.startsWith("bench/");
    return (source || page) && !path.matches("(runs|target|CHANGELOG).*|.*/target/.*");
  }
}
