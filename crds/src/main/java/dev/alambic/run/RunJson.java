package dev.alambic.run;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.alambic.failure.BoundedText;
import java.io.UncheckedIOException;
import java.util.Map;

/** The JSON form of the run contract: instants as ISO 8601, unknown fields refused. */
public final class RunJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private RunJson() {}

  /** The JSON text of a {@link RunSpec} or {@link Progress}. */
  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException saying, in one line, where the text is not what it should be
   */
  public static <T> T read(String json, Class<T> type) {
    T value;
    try {
      value = MAPPER.readValue(json, type);
      if (value instanceof RunSpec || value instanceof Progress) {
        refuseUnknown("", MAPPER.readTree(json), MAPPER.valueToTree(value));
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(where(e) + BoundedText.line(reason(e)), e);
    }
    if (value == null) {
      throw new IllegalArgumentException("is null, not a " + type.getSimpleName());
    }
    return value;
  }

  /**
   * Jackson 2.21 ignores unknown fields of a record that has unwrapped parts. A null says nothing,
   * and is not written again.
   */
  private static void refuseUnknown(String path, JsonNode given, JsonNode known) {
    for (Map.Entry<String, JsonNode> field : given.properties()) {
      JsonNode there = known.get(field.getKey());
      if (there != null) {
        refuseUnknown(path + field.getKey() + ".", field.getValue(), there);
      } else if (!field.getValue().isNull()) {
        throw new IllegalArgumentException(
            BoundedText.line("unknown field " + path + field.getKey()));
      }
    }
  }

  private static String where(JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    return at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
  }

  /** In a record's own words where it refuses its fields. */
  private static String reason(JsonProcessingException e) {
    return e instanceof ValueInstantiationException && e.getCause() != null
        ? e.getCause().getMessage()
        : e.getOriginalMessage();
  }
}
