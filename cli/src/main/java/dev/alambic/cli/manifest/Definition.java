package dev.alambic.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The CustomResourceDefinition of a DistillationJob, and what the API server does by it when a job
 * is created: fill in defaults, check the schema, then the rules.
 */
final class Definition {
  private static final String CRD = "/distillationjobs.alambic.dev.yaml";

  private final String apiVersion;
  private final String kind;
  private final ObjectNode schema;
  private final Rules rules = new Rules();

  private Definition(JsonNode crd, JsonNode metadata) {
    JsonNode version = crd.at("/spec/versions/0");
    apiVersion = crd.at("/spec/group").asText() + "/" + version.get("name").asText();
    kind = crd.at("/spec/names/kind").asText();
    schema = version.at("/schema/openAPIV3Schema").deepCopy();
    ObjectNode fields = (ObjectNode) schema.get("properties");
    fields.putObject("apiVersion").put("type", "string");
    fields.putObject("kind").put("type", "string");
    fields.set("metadata", metadata);
    List.of("apiVersion", "kind", "metadata").forEach(schema.withArray("required")::add);
  }

  /** The definition on the class path. */
  static Definition instance() {
    return Loaded.DEFINITION;
  }

  /** The schema of a whole manifest. */
  ObjectNode schema() {
    return schema;
  }

  /**
   * Fills in defaults and checks a manifest.
   *
   * @throws ManifestException with all that the API server would refuse
   */
  void admit(ObjectNode manifest) throws ManifestException {
    refuse(identity(manifest));
    SchemaDefaults.fill(schema, manifest);
    List<String> problems = new SchemaCheck().check(schema, manifest);
    // Rules may read any field of their mapping, so they wait until the schema is satisfied; those
    // of the manifest itself read its name alone.
    if (problems.isEmpty()) {
      problems = rules.check(schema, manifest, null);
    } else if (problems.stream().noneMatch(problem -> problem.startsWith("metadata"))) {
      problems = new ArrayList<>(problems);
      problems.addAll(rules.checkTop(schema, manifest));
    }
    refuse(problems);
  }

  /**
   * What of a manifest may not replace what there was, by the rules about changes.
   *
   * @param old filled in with defaults here: it may have been written by a version without some
   * @return one line for each, with its field
   */
  List<String> changes(ObjectNode manifest, ObjectNode old) {
    SchemaDefaults.fill(schema, old);
    return rules.check(schema, manifest, old);
  }

  /** What is wrong with apiVersion and kind; with another kind, all else would be wrong too. */
  private List<String> identity(ObjectNode manifest) {
    List<String> problems = new ArrayList<>();
    expect(manifest, "apiVersion", apiVersion, problems);
    expect(manifest, "kind", kind, problems);
    return problems;
  }

  private static void expect(
      ObjectNode manifest, String field, String wanted, List<String> problems) {
    JsonNode value = manifest.path(field);
    if (value.isMissingNode() || value.isNull()) {
      problems.add(field + ": is missing: write " + wanted);
    } else if (!value.asText().equals(wanted)) {
      problems.add(field + ": " + Quoted.value(value) + " is not read here: write " + wanted);
    }
  }

  private static void refuse(List<String> problems) throws ManifestException {
    if (!problems.isEmpty()) {
      throw new ManifestException(problems);
    }
  }

  private static final class Loaded {
    static final Definition DEFINITION = new Definition(yaml(CRD), yaml("metadata.yaml"));

    private static JsonNode yaml(String resource) {
      try (InputStream file = Definition.class.getResourceAsStream(resource)) {
        return new YAMLMapper().readTree(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
