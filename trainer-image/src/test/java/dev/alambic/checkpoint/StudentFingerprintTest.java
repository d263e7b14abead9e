package dev.alambic.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.alambic.decoder.AskedShape;
import dev.alambic.run.RunJson;
import dev.alambic.run.RunSpec;
import dev.alambic.train.TestSpecs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every field of the run specification is changed, one at a time. */
class StudentFingerprintTest {
  /** What makes another student: a change is refused. */
  private static final Set<String> MAKES_A_STUDENT =
      Set.of(
          "teacher.runtime",
          "teacher.servedModel",
          "student.architecture.family",
          "student.architecture.vocabularySize",
          "student.architecture.hiddenSize",
          "student.architecture.layers",
          "student.architecture.heads",
          "student.architecture.keyValueHeads",
          "student.architecture.headSize",
          "student.architecture.feedForwardSize",
          "student.architecture.contextLength",
          "student.architecture.slidingWindow",
          "student.architecture.slidingLayers",
          "student.architecture.rotary.theta",
          "student.architecture.normEpsilon",
          "student.architecture.attentionSoftCap",
          "student.architecture.finalSoftCap",
          "student.architecture.queryScale",
          "student.architecture.attentionBias",
          "student.architecture.feedForwardBias",
          "student.architecture.tiedHead",
          "objective.divergence",
          "objective.temperature",
          "objective.labelWeight",
          "objective.beta",
          "signal.encoding",
          "signal.size",
          "signal.seed",
          "training.sequenceLength",
          "training.batchSequences",
          "training.peakLearningRate",
          "training.finalLearningRate",
          "training.beta1",
          "training.beta2",
          "training.epsilon",
          "training.weightDecay",
          "training.gradientClip",
          "training.schedule",
          "training.precision",
          "training.seed",
          "rollout.temperature",
          "rollout.topP",
          "rollout.maxNewTokens",
          "rollout.samplesPerPrompt",
          "rollout.onPolicyFraction",
          "rollout.seed");

  /** What may change from one start to the next: no change is seen. */
  private static final Set<String> MAY_CHANGE =
      Set.of(
          "version",
          "job",
          "teacher.modelPath",
          "teacher.endpoints",
          "teacher.maxBatchTokens",
          "student.initFrom.path",
          "student.initFrom.asked.layers",
          "student.tokenizerPath",
          "student.outputPath",
          "data.path",
          "data.format",
          "data.textField",
          "data.validationPath",
          "data.cachePath",
          "signal.cachePath",
          "training.tokenBudget",
          "training.steps",
          "training.warmupSteps",
          "training.decaySteps",
          "training.microBatchSequences",
          "training.recomputeActivations",
          "rollout.slots",
          "evaluation.sequences",
          "evaluation.firstTokens",
          "evaluation.pointsPerDoubling",
          "evaluation.floorTokens",
          "checkpoint.path",
          "checkpoint.everyTokens",
          "checkpoint.keep",
          "checkpoint.restart",
          "saturation.action",
          "saturation.minGain",
          "saturation.finishNow",
          "trainers.addresses",
          "trainers.sharding",
          "trainers.gradientShares",
          "trainers.perPod",
          "threads");

  /** The shape's rotary positions have parts that this family has not, or that follow another. */
  private static final List<String> NOT_TRIED =
      List.of("student.architecture.rotary.", "student.architecture.slidingRotary");

  private static final List<String> NAMES =
      List.of(
          "ReverseKL",
          "Dense",
          "Cosine",
          "BF16",
          "Optimizer",
          "Stop",
          "OpenAI",
          "Llama",
          "QueryKeyValue",
          "JSONLines");

  private static final RunSpec SPEC = spec();

  private static RunSpec spec() {
    RunSpec toy = TestSpecs.run(Path.of("/run"), 24);
    ObjectNode json = (ObjectNode) json(toy);
    ((ObjectNode) json.get("teacher")).put("servedModel", "gemma");
    ((ObjectNode) json.get("teacher")).putArray("endpoints").add("localhost:1");
    ((ObjectNode) json.get("data")).put("validationPath", "held-out");
    ((ObjectNode) json.get("signal")).put("cachePath", "signals");
    RunSpec filled = RunJson.read(json.toString(), RunSpec.class);
    AskedShape asked = new AskedShape(null, 2, null, null, null, null, null, null, null);
    return new RunSpec(
        filled.version(),
        filled.job(),
        filled.teacher(),
        new RunSpec.Student(
            filled.student().architecture(),
            new RunSpec.InitFrom("start", asked),
            filled.student().tokenizerPath(),
            filled.student().outputPath()),
        filled.data(),
        filled.objective(),
        filled.signal(),
        filled.training(),
        new RunSpec.Rollout(1, 1, 8, 1, 1, 3, 4),
        filled.evaluation(),
        filled.checkpoint(),
        filled.saturation(),
        filled.trainers(),
        filled.threads());
  }

  private static JsonNode json(RunSpec spec) {
    return RunJson.read(RunJson.write(spec), JsonNode.class);
  }

  @TestFactory
  Stream<DynamicTest> aChangedField() {
    return leaves("", json(SPEC), new ArrayList<>()).stream()
        .filter(path -> NOT_TRIED.stream().noneMatch(path::startsWith))
        .map(path -> DynamicTest.dynamicTest(path, () -> check(path)));
  }

  private static List<String> leaves(String path, JsonNode node, List<String> into) {
    if (node.isObject() && !node.isEmpty()) {
      String prefix = path.isEmpty() ? "" : path + ".";
      node.properties().forEach(child -> leaves(prefix + child.getKey(), child.getValue(), into));
    } else if (!node.isNull()) {
      into.add(path);
    }
    return into;
  }

  private static void check(String path) {
    List<String> differences = fingerprint(changed(path)).differences(fingerprint(SPEC));

    if (MAY_CHANGE.contains(path)) {
      assertThat(differences).isEmpty();
    } else {
      assertThat(MAKES_A_STUDENT).contains(path);
      assertThat(differences).anyMatch(words -> words.startsWith(path));
    }
  }

  /** A specification with another value there, and with what must follow from it. */
  private static RunSpec changed(String path) {
    List<JsonNode> values = new ArrayList<>();
    JsonNode now = json(SPEC).at("/" + path.replace('.', '/'));
    if (now.isBoolean()) {
      values.add(BooleanNode.valueOf(!now.booleanValue()));
    } else if (now.isIntegralNumber()) {
      Stream.of(1, -1, 2, now.intValue())
          .forEach(by -> values.add(new IntNode(now.intValue() + by)));
    } else if (now.isNumber()) {
      values.add(new DoubleNode(now.doubleValue() / 2 + 0.125));
    } else if (now.isArray()) {
      ObjectNode holder = (ObjectNode) RunJson.read("{}", JsonNode.class);
      values.add(
          now.isEmpty() || now.get(0).isTextual()
              ? holder.putArray("a").add("x:1")
              : holder.putArray("b").add(1));
    } else {
      NAMES.forEach(name -> values.add(new TextNode(name)));
    }
    for (JsonNode value : values) {
      ObjectNode json = (ObjectNode) json(SPEC);
      int dot = path.lastIndexOf('.');
      String parent = dot < 0 ? "" : "/" + path.substring(0, dot).replace('.', '/');
      ((ObjectNode) json.at(parent)).set(path.substring(dot + 1), value);
      RunSpec changed = read(json);
      if (changed != null && !changed.equals(SPEC)) {
        return changed;
      }
    }
    throw new AssertionError(path + ": no other value found");
  }

  /** Null if it is no specification. */
  private static RunSpec read(ObjectNode json) {
    try {
      return RunJson.read(json.toString(), RunSpec.class);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static StudentFingerprint fingerprint(RunSpec spec) {
    return StudentFingerprint.of(spec, Map.of("digest of the text", "abc"));
  }

  @Test
  void noFieldIsForgotten() {
    Set<String> all = new TreeSet<>(leaves("", json(SPEC), new ArrayList<>()));
    all.removeIf(path -> NOT_TRIED.stream().anyMatch(path::startsWith));
    Set<String> told = new TreeSet<>(MAKES_A_STUDENT);
    told.addAll(MAY_CHANGE);
    told.removeIf(path -> NOT_TRIED.stream().anyMatch(path::startsWith));

    assertThat(told).containsExactlyElementsOf(all);
  }

  @Test
  void digestsAreCompared() {
    StudentFingerprint now =
        StudentFingerprint.of(SPEC, Map.of("digest of the text", "b".repeat(64)));

    assertThat(now.differences(fingerprint(SPEC)))
        .containsExactly("digest of the text was abc, and is bbbbbbbbbbbb...");
    assertThat(now.differences(StudentFingerprint.of(SPEC, Map.of())))
        .containsExactly("digest of the text was not there, and is bbbbbbbbbbbb...");
  }
}
