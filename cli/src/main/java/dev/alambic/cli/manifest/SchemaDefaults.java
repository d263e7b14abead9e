package dev.alambic.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Fills in a schema's defaults, outside in, as the API server does. A field that is null, as one
 * that is written with nothing behind it, is one that is not there, unless the schema lets it be
 * null (Kubernetes' "Defaulting and Nullable").
 */
final class SchemaDefaults {
  private SchemaDefaults() {}

  /** Adds what is absent, or null, and has a default. */
  static void fill(JsonNode schema, JsonNode value) {
    if (value instanceof ObjectNode object) {
      schema
          .path("properties")
          .properties()
          .forEach(field -> fillField(field.getKey(), field.getValue(), object));
      JsonNode others = schema.path("additionalProperties");
      if (others.isObject() && !nullable(others)) {
        object.properties().removeIf(field -> field.getValue().isNull());
      }
      object.properties().forEach(field -> fill(others, field.getValue()));
    }
    if (value.isArray()) {
      value.forEach(item -> fill(schema.path("items"), item));
    }
  }

  private static void fillField(String name, JsonNode schema, ObjectNode object) {
    if (!object.hasNonNull(name) && schema.has("default")) {
      object.set(name, schema.get("default").deepCopy());
    }
    if (object.has(name) && object.get(name).isNull() && !nullable(schema)) {
      object.remove(name);
    }
    if (object.has(name)) {
      fill(schema, object.get(name));
    }
  }

  private static boolean nullable(JsonNode schema) {
    return schema.path("nullable").booleanValue();
  }
}
