package dev.alambic.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents: links lead somewhere, and the README is short. e2e/docs runs their commands. */
class DocumentsTest {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+)$");
  private static final Pattern CODE =
      Pattern.compile("(?ms)^```.*?^```$|^(?: {4}| {7,}).*?$|`[^`\n]*`|<!-- made.*?<!-- end");

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String place : List.of("", "docs", "helm/alambic", "findings", ".github")) {
      Path folder = HOME.resolve(place);
      int depth = place.isEmpty() ? 1 : 5;
      try (Stream<Path> found =
          Files.find(folder, depth, (path, file) -> path.toString().endsWith(".md"))) {
        pages.addAll(found.sorted().toList());
      }
    }
    return pages;
  }

  @Test
  void relativeLinksLeadSomewhere() throws IOException {
    List<Path> pages = new ArrayList<>(pages());
    pages.add(HOME.resolve("bench/README.md"));
    assertThat(pages).hasSizeGreaterThan(30);
    List<String> dead = new ArrayList<>();
    for (Path page : pages) {
      for (MatchResult link :
          LINK.matcher(CODE.matcher(Files.readString(page)).replaceAll("")).results().toList()) {
        if (!leadsSomewhere(page, link.group(1))) {
          dead.add(HOME.relativize(page) + ": " + link.group(1));
        }
      }
    }
    assertThat(dead).isEmpty();
  }

  private static boolean leadsSomewhere(Path page, String link) throws IOException {
    if (link.matches("[a-z]+:.*")) {
      return true;
    }
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
    return Files.exists(target) && (parts.length < 2 || anchors(target).contains(parts[1]));
  }

  /** As GitHub makes them of headings. */
  private static Set<String> anchors(Path page) throws IOException {
    Set<String> anchors = new TreeSet<>();
    HEADING
        .matcher(Files.readString(page))
        .results()
        .map(heading -> heading.group(1).strip().toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .forEach(anchors::add);
    return anchors;
  }

  @Test
  void theReadmeIsShort() throws IOException {
    assertThat(Files.readAllLines(HOME.resolve("README.md"))).hasSizeLessThanOrEqualTo(100);
  }
}
