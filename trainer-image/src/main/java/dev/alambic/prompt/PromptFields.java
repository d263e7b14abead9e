package dev.alambic.prompt;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alambic.corpus.text.JsonLinesReader;
import java.io.IOException;
import java.util.Set;

/**
 * The fields of a line that a prompt is made of, read as a stream: a line of some megabytes would
 * be hundreds as a tree.
 */
final class PromptFields {
  private static final Set<String> OF_PROMPT =
      Set.of("prompt", "completion", "messages", "conversations");
  private static final Set<String> OF_MESSAGE = Set.of("role", "content", "from", "value");
  private static final int MOST_MESSAGES = 10_000;

  private PromptFields() {}

  /**
   * Reads a line.
   *
   * @return an object with those fields that are there; texts, and messages with their own fields,
   *     are what they are, and null and other values only tell their kind; null if it is something
   *     else than an object
   * @throws com.fasterxml.jackson.core.JsonProcessingException if it is not JSON
   */
  static ObjectNode read(String json) throws IOException {
    try (JsonParser parser = JsonLinesReader.JSON.createParser(json)) {
      ObjectNode fields = null;
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        fields = object(parser, OF_PROMPT);
      } else {
        parser.skipChildren();
      }
      if (parser.nextToken() != null) {
        throw new JsonParseException(parser, JsonLinesReader.TWO);
      }
      return fields;
    }
  }

  private static ObjectNode object(JsonParser parser, Set<String> wanted) throws IOException {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (!wanted.contains(name)) {
        parser.skipChildren();
      } else if (token == JsonToken.START_ARRAY) {
        object.set(name, wanted == OF_PROMPT ? messages(parser) : parts(parser));
      } else {
        object.set(name, value(parser, token));
      }
    }
    return object;
  }

  private static ArrayNode messages(JsonParser parser) throws IOException {
    ArrayNode messages = JsonNodeFactory.instance.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (messages.size() == MOST_MESSAGES) {
        throw new JsonParseException(parser, "more than " + MOST_MESSAGES + " messages");
      }
      JsonToken token = parser.currentToken();
      messages.add(
          token == JsonToken.START_OBJECT ? object(parser, OF_MESSAGE) : value(parser, token));
    }
    return messages;
  }

  /** Content in parts, as OpenAI writes it: their texts, joined; no text if one has none. */
  private static JsonNode parts(JsonParser parser) throws IOException {
    StringBuilder text = new StringBuilder();
    boolean all = true;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      String part = part(parser);
      all &= part != null;
      text.append(part);
    }
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return all ? nodes.textNode(text.toString()) : nodes.booleanNode(false);
  }

  /** The text of a part: {@code {"type": "text", "text": "…"}} or the text itself; else null. */
  private static String part(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return null;
    }
    String text = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean wanted = parser.currentName().equals("text");
      JsonToken token = parser.nextToken();
      text = wanted && token == JsonToken.VALUE_STRING ? parser.getText() : text;
      parser.skipChildren();
    }
    return text;
  }

  private static JsonNode value(JsonParser parser, JsonToken token) throws IOException {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (token == JsonToken.VALUE_STRING) {
      return nodes.textNode(parser.getText());
    }
    parser.skipChildren();
    return token == JsonToken.VALUE_NULL ? nodes.nullNode() : nodes.booleanNode(false);
  }
}
