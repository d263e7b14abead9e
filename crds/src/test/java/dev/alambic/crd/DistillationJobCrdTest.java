package dev.alambic.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class DistillationJobCrdTest {
  private static final Path CHECKED_IN = Path.of("distillationjobs.alambic.dev.yaml");
  private static final boolean WRITES = System.getProperty("alambic.crd.write") != null;
  private static final JsonNode CRD = DistillationJobCrd.generate();
  private static final JsonNode VERSION = CRD.at("/spec/versions/0");
  private static final JsonNode SCHEMA = VERSION.at("/schema/openAPIV3Schema");

  @Test
  void checkedInDefinitionIsWhatTheTypesSay() throws IOException {
    if (WRITES) {
      Files.writeString(CHECKED_IN, DistillationJobCrd.yaml());
    }
    assertThat(Files.readString(CHECKED_IN))
        .as("crds/%s differs from the types: mvn -pl crds test -Dalambic.crd.write", CHECKED_IN)
        .isEqualTo(DistillationJobCrd.yaml());
  }

  @Test
  void isOnTheClassPath() throws IOException {
    assumeThat(WRITES).as("just written, not yet copied there").isFalse();
    try (var file = getClass().getResourceAsStream("/" + CHECKED_IN)) {
      assertThat(new String(file.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo(Files.readString(CHECKED_IN));
    }
  }

  @Test
  void isSmallEnoughForClientSideApply() throws IOException {
    assertThat(Files.size(CHECKED_IN)).isLessThan(256 * 1024);
  }

  @Test
  void requiresWhatHasNoDefault() {
    assertThat(texts(SCHEMA.at("/required"))).containsExactly("spec");
    assertThat(texts(SCHEMA.at("/properties/spec/required")))
        .containsExactlyInAnyOrder("teacher", "student", "tokenBudget", "data");
    assertThat(texts(SCHEMA.at("/properties/spec/properties/teacher/required")))
        .containsExactly("model");
    assertThat(texts(SCHEMA.at("/properties/spec/properties/data/required")))
        .containsExactly("uri");
  }

  @Test
  void columnsComeInOrder() {
    List<String> narrow = new ArrayList<>();
    List<String> wide = new ArrayList<>();
    for (JsonNode column : VERSION.get("additionalPrinterColumns")) {
      wide.add(column.get("name").asText());
      if (column.get("priority").asInt() == 0) {
        narrow.add(column.get("name").asText());
      }
    }
    assertThat(narrow).containsExactly("PHASE", "STUDENT", "TOKENS", "LOSS", "SATURATION", "AGE");
    assertThat(wide)
        .containsExactly(
            "PHASE", "STUDENT", "TOKENS", "LOSS", "SATURATION", "TEACHER", "TOK/S", "ETA", "AGE");
  }

  @Test
  void columnsPointAtFields() {
    for (JsonNode column : VERSION.get("additionalPrinterColumns")) {
      String path = column.get("jsonPath").asText();
      if (!path.startsWith(".metadata")) {
        assertThat(SCHEMA.at(path.replace(".", "/properties/")).isMissingNode()).as(path).isFalse();
      }
    }
  }

  @Test
  void hasStatusSubresourceAndShortName() {
    assertThat(VERSION.at("/subresources/status").isObject()).isTrue();
    assertThat(texts(CRD.at("/spec/names/shortNames"))).containsExactly("dj");
    assertThat(CRD.at("/spec/scope").asText()).isEqualTo("Namespaced");
  }

  @Test
  void hasNoFloats() {
    each(
        SCHEMA,
        "",
        (path, schema) -> assertThat(schema.path("type").asText()).as(path).isNotEqualTo("number"));
  }

  @Test
  void integersFitTheirJavaTypes() {
    each(
        SCHEMA,
        "",
        (path, schema) -> {
          if (schema.path("type").asText().equals("integer")) {
            assertThat(schema.path("format").asText()).as(path).isIn("int32", "int64");
          }
        });
    assertThat(
            SCHEMA.at("/properties/status/properties/progress/properties/tokens/format").asText())
        .isEqualTo("int64");
    assertThat(SCHEMA.at("/properties/spec/properties/teacher/properties/replicas/format").asText())
        .isEqualTo("int32");
  }

  @Test
  void countsMayBeIntegersBeyond32Bits() {
    JsonNode budget = SCHEMA.at("/properties/spec/properties/tokenBudget");
    assertThat(budget.get("x-kubernetes-int-or-string").asBoolean()).isTrue();
    assertThat(budget.has("type")).isFalse();
    assertThat(budget.has("maximum")).isFalse();
    assertThat(budget.get("minimum").asLong()).isEqualTo(1);
  }

  @Test
  void keyedListsAreMaps() {
    JsonNode conditions = SCHEMA.at("/properties/status/properties/conditions");
    assertThat(conditions.get("x-kubernetes-list-type").asText()).isEqualTo("map");
    assertThat(texts(conditions.get("x-kubernetes-list-map-keys"))).containsExactly("type");
    JsonNode env = SCHEMA.at("/properties/spec/properties/trainer/properties/pod/properties/env");
    assertThat(env.get("x-kubernetes-list-type").asText()).isEqualTo("map");
    assertThat(texts(env.at("/items/required"))).containsExactly("name");
  }

  @Test
  void everyFieldIsDescribed() {
    Set<String> bare = new TreeSet<>();
    each(
        SCHEMA,
        "",
        (path, schema) -> {
          if (!schema.has("description") && !isKubernetesOwn(path)) {
            bare.add(path);
          }
        });
    assertThat(bare).isEmpty();
  }

  /** Fields inside a pod's overrides are documented by Kubernetes, items by their list. */
  private static boolean isKubernetesOwn(String path) {
    return path.matches("\\.spec\\.(teacher|trainer)\\.pod\\.\\w+[.\\[{].*") || path.endsWith("[]");
  }

  @Test
  void specTextIsBounded() {
    each(
        SCHEMA.at("/properties/spec"),
        ".spec",
        (path, schema) -> {
          if (schema.path("type").asText().equals("string") && !isKubernetesOwn(path)) {
            assertThat(schema.has("maxLength") || schema.has("enum")).as(path).isTrue();
          }
        });
  }

  @Test
  void defaultsSatisfyTheirSchema() {
    each(
        SCHEMA,
        "",
        (path, schema) -> {
          JsonNode value = schema.path("default");
          if (value.isMissingNode()) {
            return;
          }
          assertThat(value.getNodeType().name().toLowerCase(Locale.ROOT))
              .as(path)
              .isEqualTo(schema.get("type").asText().replace("integer", "number"));
          if (schema.has("enum")) {
            assertThat(texts(schema.get("enum"))).as(path).contains(value.asText());
          }
          if (schema.has("pattern")) {
            assertThat(value.asText()).as(path).matches(schema.get("pattern").asText());
          }
        });
  }

  @Test
  void rulesSayWhatToDoAndAppearOnce() {
    each(
        SCHEMA,
        "",
        (path, schema) -> {
          Set<String> rules = new TreeSet<>();
          for (JsonNode rule : schema.path("x-kubernetes-validations")) {
            String message = rule.get("message").asText();
            assertThat(rules.add(rule.get("rule").asText())).as(path + " " + message).isTrue();
            if (!path.isEmpty()) {
              assertThat("." + message).startsWith(rule.get("fieldPath").asText() + ": ");
            }
            assertThat(message).doesNotContain("\n");
          }
        });
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  /** Calls back for each schema with its path: {@code .spec.teacher.pod.env[].name}. */
  private static void each(JsonNode schema, String path, BiConsumer<String, JsonNode> visitor) {
    visitor.accept(path, schema);
    schema
        .path("properties")
        .properties()
        .forEach(entry -> each(entry.getValue(), path + "." + entry.getKey(), visitor));
    if (schema.has("items")) {
      each(schema.get("items"), path + "[]", visitor);
    }
    if (schema.path("additionalProperties").isObject()) {
      each(schema.get("additionalProperties"), path + "{}", visitor);
    }
  }
}
