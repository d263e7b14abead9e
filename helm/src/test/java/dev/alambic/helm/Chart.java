package dev.alambic.helm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The chart, and what Helm makes of it. */
final class Chart {
  static final Path FOLDER = Path.of("alambic");

  /** The oldest that the chart admits; helm-java would take 1.20. */
  private static final String KUBERNETES = "1.29.0";

  /** A key written twice is an error: the API server would silently take one of them. */
  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  private Chart() {}

  static Helm helm() {
    return new Helm(FOLDER);
  }

  /** Renders as {@code helm install alambic --namespace alambic-system} would. */
  static Rendering render(String... values) {
    return new Rendering(objects(text(values)));
  }

  /** Takes the lines of a values file. */
  static String text(String... values) {
    try {
      Path file = Files.createTempFile("values", ".yaml");
      try {
        Files.write(file, List.of(values));
        return helm()
            .template()
            .withName("alambic")
            .withNamespace("alambic-system")
            .withKubeVersion(KUBERNETES)
            .withValuesFile(file)
            .call();
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode yaml(Path file) {
    try {
      return YAML.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode yaml(String text) {
    try {
      return YAML.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<JsonNode> objects(String text) {
    List<JsonNode> objects = new ArrayList<>();
    try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
      while (documents.hasNextValue()) {
        JsonNode object = documents.nextValue();
        if (!object.isNull() && !object.isMissingNode()) {
          objects.add(object);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return objects;
  }
}
