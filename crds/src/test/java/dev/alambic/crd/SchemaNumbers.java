package dev.alambic.crd;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alambic.api.v1alpha1.Patterns;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;

/**
 * Numbers in the schema: integers get the width of their Java type, so that what the API server
 * lets in can always be read; counts and quantities may be written as integers or as text.
 */
final class SchemaNumbers {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SchemaNumbers() {}

  static void finish(Class<?> type, ObjectNode schema) {
    finish(JSON.constructType(type), schema);
  }

  private static void finish(JavaType type, ObjectNode schema) {
    for (String bound : List.of("minimum", "maximum")) {
      if (schema.has(bound)) {
        schema.set(bound, LongNode.valueOf(schema.get(bound).longValue()));
      }
    }
    if (schema.path("type").asText().equals("integer")) {
      schema.put("format", type.hasRawClass(Long.class) ? "int64" : "int32");
    }
    if (schema.path("pattern").asText().equals(Patterns.COUNT)) {
      schema.put("minimum", 1);
      integerOrString(schema);
    }
    if (type.hasRawClass(Quantity.class)) {
      if (!schema.has("pattern")) {
        schema.put("pattern", Patterns.QUANTITY);
      }
      schema.put("minimum", 0).put("maxLength", 64);
      integerOrString(schema);
    }
    inside(type, schema);
  }

  private static void inside(JavaType type, ObjectNode schema) {
    for (String key : List.of("items", "additionalProperties")) {
      if (schema.path(key) instanceof ObjectNode inner) {
        finish(type.getContentType(), inner);
      }
    }
    JsonNode properties = schema.path("properties");
    for (BeanPropertyDefinition property :
        JSON.getDeserializationConfig().introspect(type).findProperties()) {
      if (properties.path(property.getName()) instanceof ObjectNode inner) {
        // The generator leaves it out, because to Jackson a quantity is no text.
        Pattern pattern = property.getPrimaryMember().getAnnotation(Pattern.class);
        if (pattern != null) {
          inner.put("pattern", pattern.value());
        }
        finish(property.getPrimaryType(), inner);
      }
    }
  }

  private static void integerOrString(ObjectNode schema) {
    schema.remove("type");
    schema.put("x-kubernetes-int-or-string", true);
    schema.remove("anyOf");
    schema.set(
        "anyOf",
        JsonNodeFactory.instance
            .arrayNode()
            .add(JSON.createObjectNode().put("type", "integer"))
            .add(JSON.createObjectNode().put("type", "string")));
  }
}
