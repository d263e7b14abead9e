package dev.alambic.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alambic.run.RunJson;
import dev.alambic.run.RunSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything that makes a student, so that a run takes up nothing that another left: all fields of
 * the run specification but those that {@linkplain #MAY_CHANGE may change}, and digests of what its
 * paths lead to.
 *
 * @param fields by their path in the run specification, as text
 */
public record StudentFingerprint(Map<String, String> fields) {
  /**
   * What may change while a run is under way. A field that is not here, one added later too, is
   * part of the fingerprint.
   */
  static final List<String> MAY_CHANGE =
      List.of(
          // Names and places: digests stand for what lies there.
          "version",
          "job",
          "teacher.modelPath",
          "teacher.endpoints",
          "student.initFrom",
          "student.tokenizerPath",
          "student.outputPath",
          "data",
          "signal.cachePath",
          // How the work is shared out; the same numbers in another order of addition.
          "threads",
          "trainers",
          "teacher.maxBatchTokens",
          "training.microBatchSequences",
          "training.recomputeActivations",
          "rollout.slots",
          // How long, and what follows from it.
          "training.tokenBudget",
          "training.steps",
          "training.warmupSteps",
          "training.decaySteps",
          "evaluation",
          "saturation",
          "checkpoint");

  private static final int SHOWN = 40;

  public StudentFingerprint {
    fields = Map.copyOf(fields);
  }

  /**
   * The fingerprint of a run.
   *
   * @param spec with the student's own shape
   * @param digests of text, tokenizer and weights, by what they are of
   */
  public static StudentFingerprint of(RunSpec spec, Map<String, String> digests) {
    Map<String, String> fields = new TreeMap<>(digests);
    add("", RunJson.read(RunJson.write(spec), JsonNode.class), fields);
    return new StudentFingerprint(fields);
  }

  private static void add(String path, JsonNode node, Map<String, String> fields) {
    if (MAY_CHANGE.contains(path) || node.isNull()) {
      return;
    }
    if (node.isObject()) {
      String prefix = path.isEmpty() ? "" : path + ".";
      node.properties().forEach(child -> add(prefix + child.getKey(), child.getValue(), fields));
    } else {
      fields.put(path, node.isTextual() ? node.textValue() : node.toString());
    }
  }

  /**
   * In what another differs, in words: each field with the value there and here.
   *
   * @return empty if in nothing
   */
  List<String> differences(StudentFingerprint there) {
    TreeSet<String> names = new TreeSet<>(fields.keySet());
    names.addAll(there.fields.keySet());
    List<String> differences = new ArrayList<>();
    for (String name : names) {
      String now = fields.get(name);
      String then = there.fields.get(name);
      if (!Objects.equals(now, then)) {
        differences.add("%s was %s, and is %s".formatted(name, shown(then), shown(now)));
      }
    }
    return differences;
  }

  private static String shown(String value) {
    if (value == null) {
      return "not there";
    }
    return value.length() <= SHOWN ? value : value.substring(0, 12) + "...";
  }
}
