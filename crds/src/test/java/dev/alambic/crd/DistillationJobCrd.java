package dev.alambic.crd;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import dev.alambic.api.v1alpha1.DistillationJob;
import io.fabric8.crdv2.generator.CRDGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Writes the CustomResourceDefinition of a DistillationJob: what Fabric8's generator makes of the
 * types and their annotations, and what those cannot say.
 */
final class DistillationJobCrd {
  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
              .build());

  /** A column of {@code kubectl get}; priority 1 shows with {@code -o wide} only. */
  private record Column(String name, String type, String path, String description, int priority) {}

  /** In this order; AGE is the last of all, as everywhere in Kubernetes. */
  private static final List<Column> COLUMNS =
      List.of(
          new Column("PHASE", "string", ".status.phase", "Summary of the conditions.", 0),
          new Column("STUDENT", "string", ".spec.student.size", "Parameters of the student.", 0),
          new Column("TOKENS", "string", ".status.progress.summary", "Tokens and budget.", 0),
          new Column(
              "LOSS", "string", ".status.loss.validation", "Held-out loss, nats per token.", 0),
          new Column(
              "SATURATION", "string", ".status.saturation.state", "Whether more tokens help.", 0),
          new Column("TEACHER", "string", ".spec.teacher.model.uri", "The teacher's folder.", 1),
          new Column(
              "TOK/S", "string", ".status.progress.tokensPerSecond", "Tokens per second.", 1),
          new Column(
              "ETA",
              "string",
              ".status.progress.estimatedCompletionTime",
              "When the budget will be spent.",
              1),
          new Column("AGE", "date", ".metadata.creationTimestamp", "Since it was created.", 0));

  private DistillationJobCrd() {}

  /** The definition as it is checked in. */
  static String yaml() {
    try {
      return "# Written by a test of the crds module from the Java types; edit those.\n"
          + YAML.writeValueAsString(generate());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The definition as a tree. */
  static ObjectNode generate() {
    ObjectNode crd = generated();
    ObjectNode version = (ObjectNode) crd.at("/spec/versions/0");
    finish((ObjectNode) version.at("/schema/openAPIV3Schema"));
    version.set("additionalPrinterColumns", columns());
    return crd;
  }

  private static ObjectNode generated() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CRDGenerator generator =
        new CRDGenerator()
            .withOutput(new SingleOutput(bytes))
            .customResourceClasses(DistillationJob.class);
    try {
      generator.generate();
      return (ObjectNode) YAML.readTree(bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void finish(ObjectNode root) {
    ObjectNode spec = (ObjectNode) root.at("/properties/spec");
    ObjectNode status = (ObjectNode) root.at("/properties/status");
    for (String role : List.of("teacher", "trainer")) {
      PodSchema.finish((ObjectNode) spec.at("/properties/" + role + "/properties/pod"));
    }
    ((ObjectNode) status.get("properties")).set("conditions", ConditionSchema.list());
    ((ObjectNode) status.at("/properties/advice")).put("x-kubernetes-list-type", "atomic");
    SchemaNumbers.finish(DistillationJob.class, root);
    root.put("description", "A teacher, a student size and a token budget: one distillation.");
    spec.put("description", "What is asked for.");
    status.put("description", "What is true of the job, as the operator last saw it.");
    root.putArray("required").add("spec");
    root.set("x-kubernetes-validations", nameRule());
    spec.get("properties").forEach(DistillationJobCrd::fillDefault);
  }

  /** Writes out a default of {@code {}}: the API server checks rules against it as it stands. */
  private static void fillDefault(JsonNode field) {
    if (field.path("default") instanceof ObjectNode value) {
      field
          .get("properties")
          .properties()
          .forEach(
              inner -> {
                if (inner.getValue().has("default")) {
                  value.set(inner.getKey(), inner.getValue().get("default"));
                }
              });
    }
  }

  /**
   * Children are named after the job, the longest being a trainer pod's host name, {@code
   * NAME-trainer-NNNN}: a label of at most 63 characters that begins with a letter, because
   * services' names do.
   */
  private static ArrayNode nameRule() {
    ArrayNode rules = YAML.createArrayNode();
    rules
        .addObject()
        .put(
            "message",
            "metadata.name: must be at most 48 lower-case letters, digits and '-', begin with a"
                + " letter and not end with '-': pods and services are named after it")
        .put("reason", "FieldValueInvalid")
        .put(
            "rule",
            "size(self.metadata.name) <= 48"
                + " && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')");
    return rules;
  }

  private static ArrayNode columns() {
    ArrayNode columns = YAML.createArrayNode();
    for (Column column : COLUMNS) {
      columns
          .addObject()
          .put("name", column.name())
          .put("type", column.type())
          .put("jsonPath", column.path())
          .put("description", column.description())
          .put("priority", column.priority());
    }
    return columns;
  }

  /** Takes the one file that the generator writes. */
  private record SingleOutput(ByteArrayOutputStream bytes)
      implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
    @Override
    public ByteArrayOutputStream outputFor(String crdName) {
      return bytes;
    }

    @Override
    public void close() {}
  }
}
