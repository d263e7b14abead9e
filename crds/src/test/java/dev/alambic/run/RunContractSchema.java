package dev.alambic.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import java.time.Instant;

/**
 * JSON schemas of the run contract, from its types. A number that is never missing is required; the
 * rest may be null or left out, as the types' documentation says of each.
 */
final class RunContractSchema {
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
        .withRequiredCheck(field -> field.getType().isPrimitive())
        .withNullableCheck(field -> !field.getType().isPrimitive());
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
    return new SchemaGenerator(config.build()).generateSchema(type);
  }
}
