package dev.alambic.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesTest {
  private static final ObjectNode SCHEMA = Definition.instance().schema();
  private static final String NONE = "OK";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          stage: PostTraining | spec.student.initFrom spec.data.format
          rollout: {} | spec.rollout
          rollout: {temperature: "101"} | spec.rollout.temperature spec.rollout
          rollout: {topP: "0"} | spec.rollout.topP spec.rollout
          objective: {beta: "0.5"} | spec.objective.beta
          objective: {divergence: JensenShannon, beta: "0"} | spec.objective.beta spec.signal.encoding
          objective: {temperature: "0"} | spec.objective.temperature
          objective: {temperature: "1e9"} | spec.objective.temperature
          objective: {divergence: ReverseKL} | spec.signal.encoding
          objective: {divergence: JensenShannon} | spec.signal.encoding
          signal: {encoding: TopK, size: 64} | OK
          signal: {encoding: Dense} | OK
          signal: {encoding: Dense, size: 5} | spec.signal.size
          signal: {mode: Offline} | spec.signal.cache
          signal: {mode: Offline, cache: {volume: {}}} | OK
          signal: {cache: {volume: {claimName: a, size: 1Gi}}} | spec.signal.cache.volume.size
          signal: {cache: {volume: {claimName: a, storageClassName: b}}} | spec.signal.cache.volume.storageClassName
          signal: {cache: {volume: {claimName: a, accessMode: ReadWriteMany}}} | spec.signal.cache.volume.accessMode
          signal: {cache: {volume: {accessMode: ReadWriteMany}}} | OK
          signal: {cache: {volume: {accessMode: ReadOnlyMany}}} | spec.signal.cache.volume.accessMode
          signal: {cache: {volume: {claimName: a, retention: Delete}}} | spec.signal.cache.volume.retention
          training: {peakLearningRate: "0"} | spec.training.peakLearningRate
          training: {peakLearningRate: "2"} | spec.training.peakLearningRate
          training: {peakLearningRate: "3e-4"} | OK
          training: {schedule: Cosine} | OK
          saturation: {minGain: "0.0"} | spec.saturation.minGain
          """)
  void ofTheSpec(String field, String refused) {
    assertRefused(job("", "size: 1B", field), refused);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          size: 1B, initFrom: {uri: pvc://a/b} | OK
          architecture: {hiddenSize: 64} | OK
          initFrom: {uri: pvc://a/b} | OK
          '' | spec.student.size
          architecture: {heads: 8, keyValueHeads: 3} | spec.student.architecture.keyValueHeads
          architecture: {heads: 8, keyValueHeads: 4} | OK
          architecture: {headSize: 7} | spec.student.architecture.headSize
          architecture: {vocabularySize: 100} | spec.student.architecture.vocabularySize
          architecture: {vocabularySize: 256} | OK
          architecture: {contextLength: 127} | spec.training.sequenceLength
          architecture: {contextLength: 128} | OK
          """)
  void ofTheStudent(String student, String refused) {
    String vocabulary = "vocabularySize: 256";
    assertRefused(job(vocabulary, student, "training: {sequenceLength: 128}"), refused);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          contextLength: 127 | spec.training.sequenceLength
          contextLength: 128 | OK
          endpoint: "http://a/v1" | spec.teacher.endpoint
          runtime: OpenAI | spec.teacher.endpoint
          runtime: OpenAI, endpoint: "http://a/v1" | OK
          runtime: OpenAI, pod: {image: vllm} | OK
          runtime: OpenAI, pod: {serviceAccountName: a} | spec.teacher.endpoint
          runtime: OpenAI, endpoint: "http://a/v1", pod: {image: vllm} | spec.teacher.pod
          runtime: OpenAI, endpoint: "http://a/v1", servedModel: google/gemma-2-27b | OK
          runtime: OpenAI, endpoint: "http://a/v1", servedModel: "a b" | spec.teacher.servedModel
          runtime: OpenAI, endpoint: "http://a/v1", apiKey: {name: vllm, key: key} | OK
          runtime: OpenAI, pod: {image: vllm}, apiKey: {name: vllm, key: key} | OK
          runtime: OpenAI, pod: {image: vllm}, apiKey: {name: vllm} | spec.teacher.apiKey.key
          runtime: OpenAI, pod: {image: vllm}, apiKey: {name: V, key: key} | spec.teacher.apiKey.name
          runtime: OpenAI, pod: {image: vllm}, apiKey: {name: v, key: a/b} | spec.teacher.apiKey.key
          servedModel: gemma | spec.teacher.servedModel
          apiKey: {name: vllm, key: key} | spec.teacher.apiKey
          pod: {command: [a], args: [--b]} | OK
          """)
  void ofTheTeacher(String teacher, String refused) {
    String rest = "training: {sequenceLength: 128}, signal: {encoding: TopK}";
    assertRefused(job(teacher, "size: 1B", rest), refused);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          rollout: {} | OK
          rollout: {maxNewTokens: 0} | spec.rollout.maxNewTokens
          rollout: {onPolicyFraction: "1.1"} | spec.rollout.onPolicyFraction
          signal: {mode: Offline, cache: {volume: {}}} | spec.signal.mode
          objective: {labelWeight: "0.1"} | spec.objective.labelWeight
          signal: {encoding: Label} | spec.signal.encoding
          signal: {encoding: Label}, objective: {divergence: ReverseKL} | OK
          signal: {encoding: Label, size: 2}, objective: {divergence: ReverseKL} | spec.signal.size
          signal: {encoding: Label}, objective: {divergence: ReverseKL, temperature: "2"} | spec.signal.encoding
          signal: {encoding: Label}, objective: {divergence: ReverseKL}, rollout: {topP: "0.9"} | spec.signal.encoding
          signal: {encoding: Label}, objective: {divergence: ReverseKL}, rollout: {seed: 3} | OK
          """)
  void ofPostTraining(String fields, String refused) {
    String student = "size: 1B, initFrom: {uri: pvc://a/b}";
    String prompts = "pvc://a/web, format: JSONLines";
    String job = job("", student, "stage: PostTraining, " + fields);
    assertRefused(job.replace("pvc://a/web", prompts), refused);
  }

  @Test
  void openAiTellsTopK() {
    String student = "size: 1B, initFrom: {uri: pvc://a/b}";
    String server = "runtime: OpenAI, endpoint: \"http://a/v1\"";
    assertRefused(job(server, student, "suspend: true"), "spec.signal.encoding");
    String warm = "signal: {encoding: TopK}, objective: {temperature: ";
    assertRefused(job(server, student, warm + "'2'}"), "spec.objective.temperature");
    assertRefused(job(server, student, warm + "'1.0'}"), NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "a, OK",
    "9lives, metadata.name",
    "a.b, metadata.name",
    "a-, metadata.name",
    "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeee, OK",
    "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeee, metadata.name",
  })
  void ofTheName(String name, String refused) {
    assertRefused(job("", "size: 1B", "suspend: true").replace("tiny", name), refused);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tokenBudget: 2T -> tokenBudget: 2.5T | OK
          tokenBudget: 2T -> tokenBudget: 2000B | OK
          tokenBudget: 2T -> tokenBudget: 2000000000000 | OK
          tokenBudget: 2T -> tokenBudget: 1.999T | spec.tokenBudget
          tokenBudget: 2T -> tokenBudget: 999999 | spec.tokenBudget
          tokenBudget: 2T -> tokenBudget: 2B | spec.tokenBudget
          size: 1B -> size: 2B | spec.student
          size: 1B -> size: 1B, initFrom: {uri: pvc://a/b} | spec.student
          stage: PreTraining -> stage: PostTraining | spec.stage spec.student.initFrom spec.data.format
          pvc://a/web -> pvc://a/books | spec.data
          pvc://a/web -> pvc://a/web, format: JSONLines | spec.data
          pvc://a/teacher -> pvc://a/other | spec.teacher
          replicas: 1 -> replicas: 4 | OK
          replicas: 1 -> replicas: 1, vocabularySize: 256 | spec.teacher
          replicas: 1 -> replicas: 1, size: 27B | spec.teacher
          replicas: 1 -> replicas: 1, contextLength: 8192 | spec.teacher
          replicas: 1 -> replicas: 1, pod: {image: other} | OK
          suspend: true -> suspend: false | OK
          """)
  void ofChanges(String change, String refused) throws ManifestException {
    String[] sides = change.split(" -> ", 2);
    String before = job("replicas: 1", "size: 1B", "stage: PreTraining, suspend: true");
    ObjectNode old = defaulted(before);
    ObjectNode changed = defaulted(before.replace(sides[0], sides[1]));
    assertThat(changed)
        .as("the change changes something")
        .satisfies(node -> assertThat(before).contains(sides[0]));
    List<String> problems = new Rules().check(SCHEMA, changed, old);
    assertThat(fieldsOf(problems)).isEqualTo(expected(refused));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          endpoint: "http://a" -> endpoint: "http://b" | OK
          endpoint: "http://a" -> pod: {image: vllm} | spec.teacher
          servedModel: x -> servedModel: y | spec.teacher
          , servedModel: x -> | spec.teacher
          name: s -> name: t | OK
          """)
  void ofChangesOfAServer(String change, String refused) throws ManifestException {
    String[] sides = change.split(" ->", 2);
    String server =
        "runtime: OpenAI, endpoint: \"http://a\", servedModel: x, apiKey: {name: s, key: k}";
    String before = job(server, "size: 1B", "signal: {encoding: TopK}");
    ObjectNode changed = defaulted(before.replace(sides[0], sides[1].strip()));
    List<String> problems = new Rules().check(SCHEMA, changed, defaulted(before));
    assertThat(fieldsOf(problems)).isEqualTo(expected(refused));
  }

  @ParameterizedTest
  @CsvSource({"vocabularySize: 256", "size: 27B", "contextLength: 8192"})
  void whatTheTeacherSaidCannotBeTakenBack(String field) throws ManifestException {
    ObjectNode old = defaulted(job(field, "size: 1B", "suspend: true"));
    ObjectNode changed = defaulted(job("", "size: 1B", "suspend: true"));
    assertThat(fieldsOf(new Rules().check(SCHEMA, changed, old))).containsExactly("spec.teacher");
  }

  @Test
  void standOnMappingsOutsideLists() {
    // Rules.check does not look inside lists and maps.
    assertNoRulesIn(SCHEMA, false);
  }

  private static void assertNoRulesIn(JsonNode schema, boolean insideList) {
    assertThat(insideList && schema.has("x-kubernetes-validations")).isFalse();
    schema.path("properties").forEach(inner -> assertNoRulesIn(inner, insideList));
    if (schema.has("items")) {
      assertNoRulesIn(schema.get("items"), true);
    }
    if (schema.path("additionalProperties").isObject()) {
      assertNoRulesIn(schema.get("additionalProperties"), true);
    }
  }

  private static String job(String teacher, String student, String rest) {
    return """
    {apiVersion: alambic.dev/v1alpha1, kind: DistillationJob, metadata: {name: tiny}, spec: {
     teacher: {model: {uri: pvc://a/teacher}, %s}, student: {%s},
     tokenBudget: 2T, data: {uri: pvc://a/web}, %s}}
    """
        .formatted(teacher, student, rest);
  }

  private static ObjectNode defaulted(String manifest) throws ManifestException {
    ObjectNode tree = YamlDocument.read(manifest);
    SchemaDefaults.fill(SCHEMA, tree);
    return tree;
  }

  private static void assertRefused(String manifest, String fields) {
    assertThat(fieldsOf(Jobs.problems(manifest))).isEqualTo(expected(fields));
  }

  private static Set<String> expected(String fields) {
    return fields.equals(NONE) ? Set.of() : Set.of(fields.split(" ", -1));
  }

  private static Set<String> fieldsOf(List<String> problems) {
    Set<String> fields = new TreeSet<>();
    problems.forEach(problem -> fields.add(problem.split(": ", 2)[0]));
    return fields;
  }
}
