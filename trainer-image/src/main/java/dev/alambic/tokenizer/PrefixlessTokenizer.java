package dev.alambic.tokenizer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a {@code tokenizer.json} that puts nothing in front of a text of one that does: the space
 * of SentencePiece's dummy prefix, which Hugging Face's tokenizers write as a {@code Prepend}
 * normalizer (Llama 2, Mistral 7B), as {@code Metaspace} with a {@code prepend_scheme} (T5, newer
 * conversions) or as {@code ByteLevel} with {@code add_prefix_space} (RoBERTa). Nor does it strip
 * the prefix. It is for text that continues other text.
 */
final class PrefixlessTokenizer {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Set<String> SPLITTING =
      Set.of("WhitespaceSplit", "Whitespace", "BertPreTokenizer");

  private final String json;
  private final StringBuilder out = new StringBuilder();
  private int copied;

  private PrefixlessTokenizer(String json) {
    this.json = json;
  }

  /**
   * The tokenizer without prefix, or empty if it has none.
   *
   * @throws IOException if it is not JSON
   */
  static Optional<String> of(String json) throws IOException {
    return new PrefixlessTokenizer(json).rewritten();
  }

  private Optional<String> rewritten() throws IOException {
    try (JsonParser parser = TokenizerVocabulary.STREAM.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        boolean ofText = field.equals("normalizer") || field.equals("pre_tokenizer");
        if (ofText && value == JsonToken.START_OBJECT) {
          replace(parser);
        } else {
          parser.skipChildren();
        }
      }
    }
    if (copied == 0) {
      return Optional.empty();
    }
    return Optional.of(out.append(json, copied, json.length()).toString());
  }

  /** Only the part that changes is rewritten: a vocabulary has megabytes. */
  private void replace(JsonParser parser) throws IOException {
    int from = (int) parser.currentTokenLocation().getCharOffset();
    JsonNode part = TokenizerVocabulary.small(parser);
    int to = (int) parser.currentLocation().getCharOffset();
    JsonNode changed = without(part.deepCopy());
    if (!changed.equals(part)) {
      out.append(json, copied, from).append(JSON.writeValueAsString(changed));
      copied = to;
    }
  }

  private static JsonNode without(JsonNode part) {
    if (!(part instanceof ObjectNode object)) {
      return part;
    }
    switch (object.path("type").asText()) {
      case "Sequence" -> {
        withoutInList(object.path("normalizers"));
        if (!marksWords(object.path("pretokenizers"))) {
          withoutInList(object.path("pretokenizers"));
        }
      }
      case "Prepend" -> {
        return JSON.nullNode();
      }
      case "Metaspace" -> {
        object.put("prepend_scheme", "never");
        object.remove("add_prefix_space");
      }
      case "ByteLevel" -> object.put("add_prefix_space", false);
      case "Strip" -> object.put("strip_left", false);
      default -> {}
    }
    return object;
  }

  /**
   * Whether words are split at white space, which is lost, before each is marked by what is put in
   * front of it, as T5's and XLNet's are: then the mark is the white space's.
   */
  private static boolean marksWords(JsonNode preTokenizers) {
    boolean split = false;
    for (JsonNode part : preTokenizers) {
      String type = part.path("type").asText();
      if (split && type.equals("Metaspace")) {
        return !part.path("prepend_scheme").asText("always").equals("first");
      }
      split |= SPLITTING.contains(type);
    }
    return false;
  }

  private static void withoutInList(JsonNode list) {
    if (list instanceof ArrayNode parts) {
      for (Iterator<JsonNode> i = parts.iterator(); i.hasNext(); ) {
        if (without(i.next()).isNull()) {
          i.remove();
        }
      }
    }
  }
}
