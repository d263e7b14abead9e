package dev.alambic.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The tokens of a {@code tokenizer.json}, and what its post-processor puts in front of a text. Read
 * as a stream: Gemma's is 17 MB of JSON.
 */
final class TokenizerVocabulary {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Tokens are field names here: remembering each for the next time would only cost. */
  static final JsonFactory STREAM =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  /** Of a post-processor: values, names and brackets; real ones have some dozens. */
  private static final int MOST_PARTS = 100_000;

  /** As many rows as the embedding of a supported model may have. */
  private static final int LARGEST_ID = (1 << 24) - 1;

  private final Map<String, Integer> ids = new HashMap<>();
  private final BitSet added = new BitSet();
  private int size;
  private String leading;

  private TokenizerVocabulary() {}

  /**
   * Reads the bytes of a {@code tokenizer.json}.
   *
   * @param file how errors name it
   * @throws RunException DATA if it is damaged or has no vocabulary
   */
  static TokenizerVocabulary read(Path file, byte[] tokenizer) {
    TokenizerVocabulary vocabulary = new TokenizerVocabulary();
    try (JsonParser parser = STREAM.createParser(tokenizer)) {
      vocabulary.readTokenizer(parser);
    } catch (IOException e) {
      throw TokenizerDescription.damaged(file, e);
    }
    if (vocabulary.size == 0) {
      throw new RunException(ExitCode.DATA, file + ": damaged: it has no vocabulary");
    }
    return vocabulary;
  }

  /** One more than the largest id. */
  int size() {
    return size;
  }

  Optional<Integer> id(String token) {
    return Optional.ofNullable(ids.get(token));
  }

  /**
   * Ids of the tokens that are looked for in a text before it is tokenised, as special ones are.
   */
  BitSet added() {
    return (BitSet) added.clone();
  }

  /** The token that the post-processor puts in front of every text, if it does. */
  Optional<String> leading() {
    return Optional.ofNullable(leading);
  }

  /** One more than the largest id of a token that is not added. */
  int plainSize() {
    return ids.values().stream()
        .filter(id -> !added.get(id))
        .mapToInt(id -> id + 1)
        .max()
        .orElse(0);
  }

  /** Tokens of another vocabulary, by id, whose id here is another token's or unused. */
  Map<Integer, String> foreign(TokenizerVocabulary other) {
    Map<Integer, String> foreign = new TreeMap<>();
    other.ids.forEach(
        (token, id) -> {
          if (!id.equals(ids.get(token))) {
            foreign.put(id, token);
          }
        });
    return foreign;
  }

  private void readTokenizer(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      JsonToken value = parser.nextToken();
      if (field.equals("added_tokens") && value == JsonToken.START_ARRAY) {
        readAddedTokens(parser);
      } else if (field.equals("model") && value == JsonToken.START_OBJECT) {
        readModel(parser);
      } else if (field.equals("post_processor") && value == JsonToken.START_OBJECT) {
        leading = leadingToken(small(parser));
      } else {
        parser.skipChildren();
      }
    }
  }

  /** Llama 3's is a sequence with the template in it, Gemma's and Mistral's the template alone. */
  private static String leadingToken(JsonNode processor) {
    for (JsonNode part : processor.path("processors")) {
      String token = leadingToken(part);
      if (token != null) {
        return token;
      }
    }
    return processor.path("type").asText().equals("TemplateProcessing")
        ? processor.path("single").path(0).path("SpecialToken").path("id").textValue()
        : null;
  }

  /**
   * The object that the parser stands at as a tree, which takes some hundred bytes for each part.
   */
  static JsonNode small(JsonParser parser) throws IOException {
    try (TokenBuffer parts = new TokenBuffer(parser)) {
      int depth = 0;
      for (int count = 0; count == 0 || depth > 0; count++) {
        if (count == MOST_PARTS) {
          throw new JsonParseException(
              parser, "post_processor: more than " + MOST_PARTS + " parts");
        }
        JsonToken token = count == 0 ? parser.currentToken() : parser.nextToken();
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        parts.copyCurrentEvent(parser);
      }
      return JSON.readTree(parts.asParser());
    }
  }

  private void readAddedTokens(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      String content = null;
      int id = -1;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        if (field.equals("content") && value == JsonToken.VALUE_STRING) {
          content = parser.getText();
        } else if (field.equals("id") && value == JsonToken.VALUE_NUMBER_INT) {
          id = parser.getIntValue();
        } else {
          parser.skipChildren();
        }
      }
      add(content, id);
      added.set(id);
    }
  }

  private void readModel(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      JsonToken value = parser.nextToken();
      if (field.equals("vocab") && value == JsonToken.START_OBJECT) {
        readIds(parser);
      } else if (field.equals("vocab") && value == JsonToken.START_ARRAY) {
        readScores(parser);
      } else {
        parser.skipChildren();
      }
    }
  }

  /** BPE and WordPiece: {@code {token: id}}. */
  private void readIds(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String token = parser.currentName();
      parser.nextToken();
      add(token, parser.getIntValue());
    }
  }

  /** Unigram: {@code [[token, score], …]}, the id being the position. */
  private void readScores(JsonParser parser) throws IOException {
    int id = 0;
    while (parser.nextToken() == JsonToken.START_ARRAY) {
      add(parser.nextTextValue(), id++);
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        parser.skipChildren();
      }
    }
  }

  private void add(String token, int id) throws JsonParseException {
    if (token == null || id < 0 || id > LARGEST_ID) {
      throw new JsonParseException(
          null, "token %.40s: its id %d is not from 0 to %d".formatted(token, id, LARGEST_ID));
    }
    ids.put(token, id);
    size = Math.max(size, id + 1);
  }
}
