package dev.alambic.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.io.Mounted;
import dev.alambic.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * What the native library does not report of a tokenizer, read from its files.
 *
 * @param vocabularySize one more than the largest id
 * @param endOfText the token that ends a document
 * @param beginOfText the token that the family starts every text with, or null if it has none
 * @param added ids of the tokens that are looked for in a text before it is tokenised
 * @param digest SHA-256 of {@code tokenizer.json}, in hexadecimal
 */
public record TokenizerDescription(
    int vocabularySize, int endOfText, Integer beginOfText, BitSet added, String digest) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A large vocabulary's added tokens are some hundreds of kilobytes. */
  private static final int MOST_BYTES = 4 << 20;

  private static final String CONFIGURATION = "tokenizer_config.json";

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
    TokenizerVocabulary vocabulary =
        TokenizerVocabulary.read(folder.resolve(Tokenizer.FILE), tokenizer);
    JsonNode configuration = read(folder.resolve(CONFIGURATION));
    return new TokenizerDescription(
        vocabulary.size(),
        endOfText(folder, configuration, vocabulary),
        beginOfText(folder, configuration, vocabulary),
        vocabulary.added(),
        Sha256.of(tokenizer));
  }

  /**
   * {@code add_bos_token} decides where it is there, as in transformers, whose Gemma, Llama and
   * Qwen tokenizers rewrite the post-processor by it; else what the post-processor puts in front.
   */
  private static Integer beginOfText(
      Path folder, JsonNode configuration, TokenizerVocabulary vocabulary) {
    JsonNode add = configuration.path("add_bos_token");
    if (!add.isBoolean()) {
      return vocabulary
          .leading()
          .map(name -> id(folder.resolve(Tokenizer.FILE), "post_processor", name, vocabulary))
          .orElse(null);
    }
    if (!add.booleanValue()) {
      return null;
    }
    String name = token(configuration, "bos_token");
    if (name == null) {
      throw new RunException(
          ExitCode.DATA,
          folder.resolve(CONFIGURATION) + ": add_bos_token: is true, but bos_token names no token");
    }
    return id(folder.resolve(CONFIGURATION), "bos_token", name, vocabulary);
  }

  private static int id(Path file, String field, String name, TokenizerVocabulary vocabulary) {
    return vocabulary
        .id(name)
        .orElseThrow(
            () ->
                new RunException(
                    ExitCode.DATA,
                    "%s: %s: \"%s\" is not a token of tokenizer.json"
                        .formatted(file, field, name)));
  }

  private static int endOfText(
      Path folder, JsonNode configuration, TokenizerVocabulary vocabulary) {
    String name = token(configuration, "eos_token");
    if (name != null) {
      return id(folder.resolve(CONFIGURATION), "eos_token", name, vocabulary);
    }
    JsonNode id = read(folder.resolve("generation_config.json")).path("eos_token_id");
    JsonNode first = id.isArray() ? id.path(0) : id;
    if (first.canConvertToInt() && first.intValue() >= 0 && first.intValue() < vocabulary.size()) {
      return first.intValue();
    }
    return USUAL_NAMES.stream()
        .map(vocabulary::id)
        .flatMap(Optional::stream)
        .findFirst()
        .orElseThrow(
            () ->
                new RunException(
                    ExitCode.DATA,
                    folder
                        + ": nothing says which token ends a text; name eos_token in"
                        + " tokenizer_config.json"));
  }

  /** A plain string, or an object with the string in {@code content}. */
  private static String token(JsonNode configuration, String field) {
    JsonNode token = configuration.path(field);
    return token.isObject() ? token.path("content").textValue() : token.textValue();
  }

  /** A folder's configuration; a missing node if the file does not exist. */
  public static JsonNode read(Path file) {
    if (!Files.exists(file)) {
      return MissingNode.getInstance();
    }
    try {
      if (Files.size(Mounted.readable(file)) > MOST_BYTES) {
        throw new RunException(ExitCode.DATA, file + ": larger than " + MOST_BYTES + " bytes");
      }
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw damaged(file, e);
    }
  }

  static RunException damaged(Path file, IOException e) {
    String reason =
        e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
    return new RunException(ExitCode.DATA, file + ": damaged: " + reason, e);
  }
}
