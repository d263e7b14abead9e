package dev.alambic.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaCheckTest {
  /** Keywords that {@link SchemaCheck} reads, and those that check nothing. */
  private static final Set<String> KEYWORDS =
      Set.of(
          "additionalProperties",
          "anyOf", // of int-or-string alone
          "default",
          "description",
          "enum",
          "format",
          "items",
          "maxItems",
          "maxLength",
          "maxProperties",
          "maximum",
          "minLength",
          "minimum",
          "nullable",
          "pattern",
          "properties",
          "required",
          "type",
          "x-kubernetes-int-or-string",
          "x-kubernetes-list-map-keys",
          "x-kubernetes-list-type",
          "x-kubernetes-preserve-unknown-fields",
          "x-kubernetes-validations");

  @Test
  void readsEveryKeywordOfTheSchema() {
    Set<String> unread = new TreeSet<>();
    collectKeywords(Definition.instance().schema(), unread);
    unread.removeAll(KEYWORDS);
    assertThat(unread).isEmpty();
  }

  private static void collectKeywords(JsonNode schema, Set<String> keywords) {
    schema.fieldNames().forEachRemaining(keywords::add);
    schema.path("properties").forEach(inner -> collectKeywords(inner, keywords));
    for (String inner : List.of("items", "additionalProperties")) {
      if (schema.path(inner).isObject()) {
        collectKeywords(schema.get(inner), keywords);
      }
    }
  }

  @Test
  void everyPatternHasWords() {
    Set<String> patterns =
        new HashSet<>(Definition.instance().schema().findValuesAsText("pattern"));
    patterns.remove(""); // a field of that name
    assertThat(patterns).isNotEmpty().allMatch(PatternWords::knows);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          teacher: 5 | spec.teacher: must be a mapping of fields, not 5
          teacher: {model: {uri: x}} | spec.teacher.model.uri: "x" is not a place: write pvc://CLAIM/PATH without "..", or file://PATH on this machine
          trainer: {replicas: 0} | spec.trainer.replicas: 0 must be at least 1
          trainer: {replicas: 5000} | spec.trainer.replicas: 5000 must be at most 4096
          trainer: {replicas: 1.5} | spec.trainer.replicas: 1.5 must be a whole number
          trainer: {replicas: } | OK
          training: {sequenceLength: } | OK
          training: | OK
          objective: {divergence: , beta: } | OK
          checkpoint: {volume: } | OK
          trainer: {pod: {nodeSelector: {gpu: }}} | OK
          teacher: {model: } | spec.teacher.model: is missing. The teacher's weights and tokenizer
          trainer: {pod: {env: [ ]}} | OK
          trainer: {pod: {env: [null]}} | spec.trainer.pod.env[0]: is empty: give a value or leave it out
          training: {seed: 99999999999999999999} | spec.training.seed: 99999999999999999999 does not fit: it must lie within -9223372036854775807 and 9223372036854775807
          training: {batchTokens: 0.5} | spec.training.batchTokens: 0.5 must be text: write it in quotes, "0.5"
          training: {batchTokens: 1.2345K} | spec.training.batchTokens: "1.2345K" is not a count: write 2T, 2.6B, 500M, 10K or a plain integer
          training: {precision: bf16} | spec.training.precision: "bf16" is not known: write BF16 or FP32
          training: {peakLearningRate: "x"} | spec.training.peakLearningRate: "x" is not a decimal number: write for example "0.5" or "3e-4"
          objective: {labelWeight: "1.5"} | spec.objective.labelWeight: "1.5" is not a decimal number from 0 to 1
          queueName: "a b" | spec.queueName: "a b" is not a Kubernetes name: write lower-case letters, digits, '-' and '.'
          queueName: "" | spec.queueName: is empty: give a value or leave it out
          checkpoint: {volume: {size: big}} | spec.checkpoint.volume.size: "big" is not a volume's size: write for example 200Gi or 1.5Ti
          trainer: {pod: {env: [{name: A}, {name: A}]}} | spec.trainer.pod.env[1].name: "A" is there twice
          trainer: {pod: {env: [{value: A}]}} | spec.trainer.pod.env[0].name: is missing
          trainer: {pod: {env: {A: b}}} | spec.trainer.pod.env: must be a list, not a mapping of fields
          trainer: {pod: {nodeSelector: {gpu: true}}} | spec.trainer.pod.nodeSelector.gpu: true must be text: write it in quotes, "true"
          trainer: {pod: {resources: {limits: {cpu: 0.5}}}} | spec.trainer.pod.resources.limits.cpu: 0.5 must be text: write it in quotes, "0.5"
          trainer: {pod: {resources: {limits: {cpu: much}}}} | spec.trainer.pod.resources.limits.cpu: "much" is not a quantity: write for example 200Gi, 1500m or 8
          trainer: {pod: {tolerations: [{tolerationSeconds: 3000000000}]}} | OK
          trainer: {pod: {volumes: [{name: a, secret: {defaultMode: 3000000000}}]}} | spec.trainer.pod.volumes[0].secret.defaultMode: 3000000000 does not fit: it must lie within -2147483647 and 2147483647
          "new\\nfield": 1 | spec["new?field"]: unknown field
          """)
  void saysWhatIsWrong(String field, String problem) {
    String manifest =
        field.startsWith("teacher:")
            ? Jobs.SMALLEST.replaceFirst(
                "(?s)  teacher:.*?  student:", "  " + field + "\n  student:")
            : Jobs.with(field);
    if (problem.equals("OK")) {
      assertThat(Jobs.problems(manifest)).isEmpty();
    } else {
      assertThat(Jobs.problems(manifest)).containsExactly(problem);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"200Gi", "1.5Ti", "0.5Ti", "0.50Ti", "1.Gi", ".5P", "2e12", "1Ei", "500000000000"})
  void aVolumesSizeIsAnyQuantityAboveNothing(String size) {
    String field = "checkpoint: {volume: {size: \"%s\"}}".formatted(size);
    assertThat(Jobs.problems(Jobs.with(field))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0", "0Gi", "0.0Ti", "-1Gi", "1500m", "1.5e3k", "1.5", "1.5.5Gi", "Gi", "1 Gi", ".Gi"
      })
  void aVolumeOfNothingIsNone(String size) {
    assertThat(Jobs.problems(Jobs.with("checkpoint: {volume: {size: \"%s\"}}".formatted(size))))
        .singleElement()
        .asString()
        .contains("is not a volume's size: write for example 200Gi or 1.5Ti");
  }

  @Test
  void labelsMustBeLabels() {
    assertThat(
            Jobs.problems(
                Jobs.SMALLEST.replace(
                    "  name: gemma2-2b", "  name: gemma2-2b\n  labels: {a: b c, n: 1}")))
        .containsExactly(
            "metadata.labels.a: \"b c\" is not a label's value: write letters, digits, '-', '_'"
                + " and '.'",
            "metadata.labels.n: 1 must be text: write it in quotes, \"1\"");
  }

  @Test
  void aNameIsNeeded() {
    assertThat(Jobs.problems(Jobs.SMALLEST.replace("  name: gemma2-2b", "  labels: {}")))
        .containsExactly(
            "metadata.name: is missing. The job's name, after which its pods and folders are named");
  }

  @Test
  void aBadNameIsToldBesideOtherProblems() {
    assertThat(
            Jobs.problems(
                Jobs.SMALLEST.replace("gemma2-2b", "9lives").replace("Budget: 2T", "Budget: 2X")))
        .hasSize(2)
        .anyMatch(problem -> problem.startsWith("metadata.name: "))
        .anyMatch(problem -> problem.startsWith("spec.tokenBudget: "));
  }
}
