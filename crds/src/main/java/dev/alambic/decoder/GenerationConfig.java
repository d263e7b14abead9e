package dev.alambic.decoder;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.io.Mounted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code generation_config.json} of a Hugging Face folder: what generators go by. Its token ids
 * win over those of {@code config.json}, as in transformers.
 */
public final class GenerationConfig {
  public static final String FILE_NAME = "generation_config.json";

  private static final int MOST_BYTES = 1 << 20;
  private static final String BEGIN = "bos_token_id";
  private static final String END = "eos_token_id";
  private static final String PADDING = "pad_token_id";

  private static final ObjectMapper JSON = new ObjectMapper();

  static {
    JSON.getFactory()
        .setStreamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(20).build());
  }

  private GenerationConfig() {}

  /**
   * The special tokens of a folder.
   *
   * @param config its {@code config.json}, whose ids stand where the file is silent
   * @throws RunException DATA if the file is damaged or an id is not in the vocabulary; IO if it
   *     cannot be read
   */
  public static SpecialTokens specialTokens(Path folder, HuggingFaceConfig config) {
    Path file = folder.resolve(FILE_NAME);
    if (!Files.exists(file)) {
      return config.specialTokens();
    }
    ConfigFields fields = new ConfigFields(file.toString(), read(file));
    SpecialTokens absent = config.specialTokens();
    int last = config.decoder().vocabulary().size() - 1;
    return new SpecialTokens(
        fields.has(BEGIN) ? Integer.valueOf(id(fields, BEGIN, last)) : absent.begin(),
        fields.has(END) ? ids(fields, END, last) : absent.end(),
        fields.has(PADDING) ? Integer.valueOf(id(fields, PADDING, last)) : absent.padding());
  }

  private static int id(ConfigFields fields, String field, int last) {
    return fields.wholeNumber(field, fields.node(field), 0, last);
  }

  private static List<Integer> ids(ConfigFields fields, String field, int last) {
    JsonNode node = fields.node(field);
    if (!node.isArray()) {
      return List.of(id(fields, field, last));
    }
    List<Integer> ids = new ArrayList<>();
    node.forEach(id -> ids.add(fields.wholeNumber(field, id, 0, last)));
    return ids;
  }

  private static JsonNode read(Path file) {
    try {
      if (Files.size(Mounted.readable(file)) > MOST_BYTES) {
        throw new RunException(ExitCode.DATA, file + ": larger than " + MOST_BYTES + " bytes");
      }
      JsonNode tree = JSON.readTree(Files.readAllBytes(file));
      if (!tree.isObject()) {
        throw new RunException(ExitCode.DATA, file + ": not a JSON object");
      }
      return tree;
    } catch (JacksonException e) {
      String reason = e.getOriginalMessage().replaceAll("[\\s\\p{C}]+", " ");
      throw new RunException(ExitCode.DATA, "%s: not JSON: %.200s".formatted(file, reason), e);
    } catch (IOException e) {
      throw new RunException(ExitCode.IO, file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** The least that a generator needs: the ids alone, with a newline at the end. */
  public static String toJson(SpecialTokens tokens) {
    ObjectNode json = JSON.createObjectNode();
    if (tokens.begin() != null) {
      json.put(BEGIN, tokens.begin());
    }
    if (tokens.end().size() == 1) {
      json.put(END, tokens.end().get(0));
    } else if (!tokens.end().isEmpty()) {
      ArrayNode ids = json.putArray(END);
      tokens.end().forEach(ids::add);
    }
    if (tokens.padding() != null) {
      json.put(PADDING, tokens.padding());
    }
    return json.toPrettyString() + "\n";
  }
}
