package dev.alambic.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Whatever a manifest holds, it is read or refused: no other exception, no hanging. */
class ManifestFuzzTest {
  private static final int ROUNDS = 1_000;
  private static final List<String> SCRAPS =
      List.of(
          "",
          " ",
          "\n",
          "\t",
          ": ",
          "- ",
          "{",
          "}",
          "[",
          "]",
          "&a ",
          "*a",
          "!!int ",
          "| \n",
          "> ",
          "'",
          "\"",
          "#",
          "---\n",
          "...\n",
          "%YAML 9\n",
          "? ",
          "<<: ",
          "\0",
          "\uFEFF",
          "\uD800",
          "é",
          "0",
          "-1",
          "1e999",
          ".nan",
          "0x",
          "99999999999999999999",
          "null",
          "~",
          "2X");
  private static final List<JsonNode> VALUES =
      List.of(
          JsonNodeFactory.instance.nullNode(),
          JsonNodeFactory.instance.booleanNode(true),
          JsonNodeFactory.instance.numberNode(0),
          JsonNodeFactory.instance.numberNode(-1),
          JsonNodeFactory.instance.numberNode(Long.MAX_VALUE),
          JsonNodeFactory.instance.numberNode(new BigInteger("9".repeat(300))),
          JsonNodeFactory.instance.numberNode(0.5),
          JsonNodeFactory.instance.textNode(""),
          JsonNodeFactory.instance.textNode("a".repeat(10_000)),
          JsonNodeFactory.instance.textNode("1e99"),
          JsonNodeFactory.instance.textNode("0.5"),
          JsonNodeFactory.instance.textNode("Infinity"),
          JsonNodeFactory.instance.textNode("2T"),
          JsonNodeFactory.instance.textNode("pvc://a/b"),
          JsonNodeFactory.instance.objectNode(),
          JsonNodeFactory.instance.arrayNode(),
          JsonNodeFactory.instance.arrayNode().addNull().add(1).add("x").addObject());

  @Test
  void mutatedTextIsReadOrRefused() throws IOException {
    String text = everyField();
    Random random = new Random(20261101);
    for (int i = 0; i < ROUNDS; i++) {
      StringBuilder mutant = new StringBuilder(text);
      for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
        int from = random.nextInt(mutant.length());
        int to = Math.min(mutant.length(), from + random.nextInt(random.nextInt(5) == 0 ? 300 : 4));
        mutant.replace(from, to, SCRAPS.get(random.nextInt(SCRAPS.size())));
      }
      assertReadOrRefused(mutant.toString());
    }
  }

  @Test
  void mutatedValuesAreReadOrRefused() throws IOException, ManifestException {
    JsonNode valid = YamlDocument.read(everyField());
    Random random = new Random(20261102);
    int refused = 0;
    for (int i = 0; i < ROUNDS; i++) {
      JsonNode mutant = valid.deepCopy();
      for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
        mutate(mutant, random);
      }
      refused += assertReadOrRefused(mutant.toString()) ? 0 : 1;
    }
    assertThat(refused).as("some are read, some refused").isBetween(ROUNDS / 2, ROUNDS - 1);
  }

  /** Puts a random value at a random place. */
  private static void mutate(JsonNode tree, Random random) {
    List<JsonNode> containers = new ArrayList<>();
    collect(tree, containers);
    JsonNode container = containers.get(random.nextInt(containers.size()));
    JsonNode value = VALUES.get(random.nextInt(VALUES.size())).deepCopy();
    if (container instanceof ObjectNode object) {
      List<String> names = new ArrayList<>(List.of("unknown"));
      object.fieldNames().forEachRemaining(names::add);
      String name = names.get(random.nextInt(names.size()));
      if (random.nextInt(4) == 0) {
        object.remove(name);
      } else {
        object.set(name, value);
      }
    } else if (container instanceof ArrayNode array) {
      array.insert(random.nextInt(array.size() + 1), value);
    }
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainerNode()) {
      containers.add(node);
      node.forEach(inner -> collect(inner, containers));
    }
  }

  /** Whether it is read. */
  private static boolean assertReadOrRefused(String manifest) {
    List<String> problems = new ArrayList<>();
    Assertions.assertTimeout(
        Duration.ofSeconds(10),
        () ->
            assertThatCode(() -> problems.addAll(Jobs.problems(manifest)))
                .as(manifest)
                .doesNotThrowAnyException());
    assertThat(problems)
        .as(manifest)
        .allSatisfy(
            problem -> assertThat(problem).doesNotContainPattern("\\R|\\^|\\[0-9\\]").isNotBlank());
    return problems.isEmpty();
  }

  private static String everyField() throws IOException {
    try (InputStream file = ManifestFuzzTest.class.getResourceAsStream("/every-field.yaml")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
