package dev.alambic.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlDocumentTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0x10 | 16
          010 | 8
          0b11 | 3
          1_000 | 1000
          -5 | -5
          1e3 | 1000
          0.5 | 0.5
          yes | true
          off | false
          ~ | null
          1:30 | "1:30"
          2026-11-01 | "2026-11-01"
          99999999999999999999 | 99999999999999999999
          'text' | "text"
          """)
  void readsScalarsAsKubectlDoes(String yaml, String json) throws ManifestException {
    assertThat(YamlDocument.read("a: " + yaml).get("a").toString()).isEqualTo(json);
  }

  @Test
  void aliasesStandForTheirAnchors() throws ManifestException {
    assertThat(YamlDocument.read("a: &x {b: 1}\nc: *x\n").toString())
        .isEqualTo("{\"a\":{\"b\":1},\"c\":{\"b\":1}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a: 1\\na: 2 | line 2, column 1: "a" is there twice
          a: !thing 1 | line 1, column 4: the tag "!thing" is not read: leave it out
          a: !!binary aGk= | line 1, column 4: the tag "tag:yaml.org,2002:binary" is not read: leave it out
          a: &x [*x] | line 1, column 4: the manifest is nested deeper than 50 levels
          <<: {a: 1} | line 1, column 1: merge keys (<<) are not read: write the fields out
          [a]: 1 | line 1, column 1: a field's name must be text
          [1] | the manifest is a list, not a mapping of fields
          text | the manifest is "text", not a mapping of fields
          a: 1\\n--- \\nb: 2 | line 3, column 1: a second document begins: put each job into a file of its own
          """)
  void saysWhere(String yaml, String problem) {
    assertThatThrownBy(() -> YamlDocument.read(yaml.replace("\\n", "\n")))
        .isInstanceOf(ManifestException.class)
        .hasMessage(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a: [1, 2 | line 1, column
          a: "open | line 1, column
          a: \\tb: c | line 1, column
          a: @b | line 1, column
          a: *nowhere | line 1, column
          """)
  void unreadableTextHasAPosition(String yaml, String start) {
    assertThatThrownBy(() -> YamlDocument.read(yaml.replace("\\t", "\t")))
        .isInstanceOf(ManifestException.class)
        .hasMessageStartingWith(start)
        .hasMessageNotContaining("\n");
  }

  /** Sixty aliases of one small list are harmless; the bound is the library's. */
  @Test
  void manyAliasesAreRefused() {
    String many = "a: &a [x]\nb: [" + "*a, ".repeat(60) + "*a]\n";
    assertThatThrownBy(() -> YamlDocument.read(many)).isInstanceOf(ManifestException.class);
  }

  /** A few aliases may stand for more values than a manifest may hold: here 32,768. */
  @Test
  void fewAliasesCannotGrowLargeEither() {
    StringBuilder growing = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 15; i++) {
      growing.append("a%d: &a%d [*a%d, *a%d]%n".formatted(i, i, i - 1, i - 1));
    }
    assertThatThrownBy(() -> YamlDocument.read(growing.toString()))
        .isInstanceOf(ManifestException.class)
        .hasMessageEndingWith("the manifest holds more than 20000 values, aliases written out");
  }

  @Test
  void deepNestingIsRefused() {
    assertThatThrownBy(() -> YamlDocument.read("a: " + "[".repeat(60)))
        .isInstanceOf(ManifestException.class)
        .hasMessageNotContaining("\n");
  }
}
