package dev.alambic.helm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The Kubernetes objects that the chart renders. */
record Rendering(List<JsonNode> objects) {

  /** {@code Deployment alambic-system/alambic}; without a namespace where the object has none. */
  List<String> names() {
    return objects.stream().map(Rendering::name).sorted().toList();
  }

  JsonNode object(String name) {
    return objects.stream()
        .filter(object -> name(object).equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not in " + names()));
  }

  List<JsonNode> ofKind(String kind) {
    return objects.stream().filter(object -> object.get("kind").asText().equals(kind)).toList();
  }

  JsonNode deployment() {
    return object("Deployment alambic-system/alambic");
  }

  JsonNode pod() {
    return deployment().at("/spec/template/spec");
  }

  JsonNode container() {
    return pod().at("/containers/0");
  }

  static String name(JsonNode object) {
    JsonNode metadata = object.get("metadata");
    String namespace = metadata.has("namespace") ? metadata.get("namespace").asText() + "/" : "";
    return object.get("kind").asText() + " " + namespace + metadata.get("name").asText();
  }

  static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
