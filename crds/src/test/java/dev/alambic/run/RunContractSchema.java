package dev.alambic.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * JSON schemas of the run contract, from its types. A number that is never missing is required; the
 * rest may be null or left out, as the types' documentation says of each.
 */
final class RunContractSchema {
  private static final String UNWRAPPED = "unwrapped";

  private RunContractSchema() {}

  static ObjectNode of(Class<?> type) {
    SchemaGeneratorConfigBuilder config =
        new SchemaGeneratorConfigBuilder(SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
            .with(
                Option.DEFINITIONS_FOR_ALL_OBJECTS,
                Option.FLATTENED_ENUMS,
                Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT)
            .without(Option.SCHEMA_VERSION_INDICATOR);
    config
        .forFields()
        .withPropertyNameOverrideResolver(
            field ->
                Optional.ofNullable(field.getAnnotation(JsonProperty.class))
                    .map(JsonProperty::value)
                    .orElse(null))
        .withRequiredCheck(field -> field.getType().isPrimitive())
        .withNullableCheck(
            field ->
                !field.getType().isPrimitive() && field.getAnnotation(JsonUnwrapped.class) == null)
        .withInstanceAttributeOverride(
            (node, field, context) -> {
              if (field.getAnnotation(JsonUnwrapped.class) != null) {
                node.put(UNWRAPPED, true);
              }
            });
    config
        .forTypesInGeneral()
        .withCustomDefinitionProvider(
            (found, context) ->
                found.isInstanceOf(Instant.class)
                    ? new CustomDefinition(
                        context
                            .getGeneratorConfig()
                            .createObjectNode()
                            .put("type", "string")
                            .put("format", "date-time"),
                        true)
                    : null);
    ObjectNode schema = new SchemaGenerator(config.build()).generateSchema(type);
    ObjectNode definitions = (ObjectNode) schema.path("$defs");
    for (JsonNode definition :
        List.copyOf(definitions.properties().stream().map(Map.Entry::getValue).toList())) {
      unwrap((ObjectNode) definition, definitions);
    }
    unwrap(schema, definitions);
    return schema;
  }

  /** Puts the properties of unwrapped parts in the place of the parts. */
  private static void unwrap(ObjectNode definition, ObjectNode definitions) {
    Map<String, JsonNode> flat = new TreeMap<>();
    Set<String> required = new TreeSet<>();
    definition.path("required").forEach(name -> required.add(name.textValue()));
    for (Map.Entry<String, JsonNode> property : definition.path("properties").properties()) {
      if (!property.getValue().has(UNWRAPPED)) {
        flat.put(property.getKey(), property.getValue());
        continue;
      }
      String name = reference(property.getValue()).replaceAll(".*/", "");
      JsonNode part = definitions.remove(name);
      part.path("properties").properties().forEach(e -> flat.put(e.getKey(), e.getValue()));
      part.path("required").forEach(each -> required.add(each.textValue()));
    }
    if (definition.has("properties")) {
      ((ObjectNode) definition.path("properties")).removeAll().setAll(flat);
    }
    if (!required.isEmpty()) {
      required.forEach(definition.putArray("required")::add);
    }
  }

  private static String reference(JsonNode property) {
    return property.findValue("$ref").textValue();
  }
}
