package dev.alambic.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.NullValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON values as CEL sees them: int is 64 bits wide. */
final class CelValue {
  private CelValue() {}

  static Object of(JsonNode value) {
    if (value.isObject()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      value.properties().forEach(field -> fields.put(field.getKey(), of(field.getValue())));
      return fields;
    }
    if (value.isArray()) {
      List<Object> items = new ArrayList<>();
      value.forEach(item -> items.add(of(item)));
      return items;
    }
    if (value.isTextual()) {
      return value.textValue();
    }
    if (value.isBoolean()) {
      return value.booleanValue();
    }
    if (value.isNumber()) {
      return value.isIntegralNumber() ? (Object) value.longValue() : (Object) value.doubleValue();
    }
    return NullValue.NULL_VALUE;
  }
}
