package dev.alambic.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.alambic.run.ExitCode;
import dev.alambic.run.RunException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the native library does not tell of a tokenizer, read from its files.
 *
 * @param vocabularySize one more than the largest id
 * @param endOfText the token that separates documents
 * @param digest SHA-256 of {@code tokenizer.json}, in hexadecimal
 */
record TokenizerDescription(int vocabularySize, int endOfText, String digest) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Tokens are field names here: remembering each for the next time would only cost. */
  private static final JsonFactory VOCABULARY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  /** What a text ends with where no configuration says so. */
  private static final List<String> USUAL_NAMES =
      List.of(BytePairVocabulary.END_OF_TEXT, "<|end_of_text|>", "<eos>", "</s>");

  /**
   * Describes the tokenizer of a folder.
   *
   * @param tokenizer the bytes of {@code tokenizer.json}
   * @throws RunException DATA if a file is damaged or nothing says which token ends a text
   */
  static TokenizerDescription of(Path folder, byte[] tokenizer) {
    Path file = folder.resolve(Tokenizer.FILE);
    Vocabulary vocabulary = new Vocabulary();
    try (JsonParser parser = VOCABULARY.createParser(tokenizer)) {
      vocabulary.readTokenizer(parser);
    } catch (IOException e) {
      throw damaged(file, e);
    }
    if (vocabulary.size == 0) {
      throw new RunException(ExitCode.DATA, file + ": damaged: it has no vocabulary");
    }
    int endOfText = endOfText(folder, vocabulary);
    return new TokenizerDescription(vocabulary.size, endOfText, Sha256.of(tokenizer));
  }

  private static int endOfText(Path folder, Vocabulary vocabulary) {
    String name = eosToken(read(folder.resolve("tokenizer_config.json")));
    if (name != null) {
      Integer id = vocabulary.ids.get(name);
      if (id == null) {
        throw new RunException(
            ExitCode.DATA,
            folder.resolve("tokenizer_config.json")
                + ": eos_token: \""
                + name
                + "\" is no token of tokenizer.json");
      }
      return id;
    }
    JsonNode id = read(folder.resolve("generation_config.json")).path("eos_token_id");
    JsonNode first = id.isArray() ? id.path(0) : id;
    if (first.canConvertToInt() && first.intValue() >= 0 && first.intValue() < vocabulary.size) {
      return first.intValue();
    }
    for (String usual : USUAL_NAMES) {
      if (vocabulary.ids.containsKey(usual)) {
        return vocabulary.ids.get(usual);
      }
    }
    throw new RunException(
        ExitCode.DATA,
        folder + ": nothing says which token ends a text; name eos_token in tokenizer_config.json");
  }

  /** A plain string, or an object with the string in {@code content}. */
  private static String eosToken(JsonNode configuration) {
    JsonNode token = configuration.path("eos_token");
    return token.isObject() ? token.path("content").textValue() : token.textValue();
  }

  private static JsonNode read(Path file) {
    if (!Files.exists(file)) {
      return MissingNode.getInstance();
    }
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw damaged(file, e);
    }
  }

  private static RunException damaged(Path file, IOException e) {
    String reason =
        e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
    return new RunException(ExitCode.DATA, file + ": damaged: " + reason, e);
  }

  /** Reads a vocabulary of any size as a stream: Gemma's is 17 MB of JSON. */
  private static final class Vocabulary {
    private final Map<String, Integer> ids = new HashMap<>();
    private int size;

    void readTokenizer(JsonParser parser) throws IOException {
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
        } else {
          parser.skipChildren();
        }
      }
    }

    private void readAddedTokens(JsonParser parser) throws IOException {
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        JsonNode token = JSON.readTree(parser);
        add(token.path("content").asText(), token.path("id").asInt());
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

    private void add(String token, int id) {
      ids.put(token, id);
      size = Math.max(size, id + 1);
    }
  }
}
