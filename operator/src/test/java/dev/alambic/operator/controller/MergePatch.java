package dev.alambic.operator.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** RFC 7396. */
final class MergePatch {
  static final String CONTENT_TYPE = "application/merge-patch+json";

  private MergePatch() {}

  /** What becomes of an object. */
  static ObjectNode of(ObjectNode before, JsonNode patch) {
    ObjectNode after = before.deepCopy();
    patch
        .properties()
        .forEach(
            field -> {
              String name = field.getKey();
              JsonNode value = field.getValue();
              if (value.isNull()) {
                after.remove(name);
              } else if (value.isObject()) {
                JsonNode inner = after.path(name);
                ObjectNode base = inner.isObject() ? (ObjectNode) inner : after.objectNode();
                after.set(name, of(base, value));
              } else {
                after.set(name, value);
              }
            });
    return after;
  }
}
