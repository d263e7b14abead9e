package dev.alambic.operator.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.alambic.api.v1alpha1.DistillationJobSpec;

/** Specs as a user writes them: the smallest one with some YAML laid over it. */
public final class Specs {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final String SMALLEST =
      """
      teacher: {model: {uri: file:///teacher}}
      student: {size: 400K}
      tokenBudget: 3M
      data: {uri: file:///corpus}
      """;

  private Specs() {}

  /** The smallest spec with these fields laid over it. */
  public static DistillationJobSpec with(String... fields) {
    try {
      JsonNode spec = YAML.readTree(SMALLEST);
      for (String field : fields) {
        spec = YAML.readerForUpdating(spec).readValue(field);
      }
      return YAML.treeToValue(spec, DistillationJobSpec.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** A toy teacher on a CPU: 2.8M parameters, a vocabulary of 2048, 512 tokens of context. */
  public static Facts toy() {
    return Facts.of(new Facts.Teacher(2_800_000L, 2048, 512), Device.cpu(2));
  }

  /** The same, but a trainer whose pods ask for GPUs has them, as in a cluster. */
  public static Facts toy(DistillationJobSpec spec) {
    Device asked = Device.of(spec.trainer() == null ? null : spec.trainer().pod());
    return asked.gpu() ? Facts.of(toy().teacher(), asked) : toy();
  }

  /** A teacher like Gemma 2 27B and a trainer with this GPU. */
  public static Facts gemma(Device device) {
    return Facts.of(new Facts.Teacher(27_227_128_320L, 256_000, 8192), device);
  }

  /** The plan of a spec that is right. */
  public static RunPlan plan(Facts facts, String... fields) {
    try {
      return Planner.plan("job", with(fields), facts);
    } catch (PlanException e) {
      throw new AssertionError(e);
    }
  }
}
