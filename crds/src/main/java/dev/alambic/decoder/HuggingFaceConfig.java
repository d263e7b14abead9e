package dev.alambic.decoder;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.io.Mounted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The {@code config.json} of a folder of one of the {@link Family families}, with the field names
 * of transformers' {@code configuration_*.py}, as version 4 and version 5 write them. A field that
 * would change the maths into something {@link DecoderConfig} can't say is refused by name; a field
 * that doesn't touch the maths is ignored. Where a field is absent, its default is that of
 * transformers' class, except for the sizes, which must be there.
 *
 * @param decoder the shape
 * @param dtype type of the stored weights: float32, float16 or bfloat16
 * @param specialTokens ids for generators
 */
public record HuggingFaceConfig(DecoderConfig decoder, String dtype, SpecialTokens specialTokens) {

  public static final String FILE_NAME = "config.json";

  private static final Set<String> DTYPES =
      new TreeSet<>(List.of("float32", "float16", "bfloat16"));

  // No config.json comes near it.
  private static final int MOST_BYTES = 1 << 22;

  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(20)
                          .maxNumberLength(100)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // Python writes them: a field that is not read may be NaN.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  public HuggingFaceConfig {
    if (!DTYPES.contains(dtype)) {
      throw new IllegalArgumentException("dtype: " + dtype + " is not one of " + DTYPES);
    }
  }

  /**
   * Reads a {@code config.json}.
   *
   * @throws RunException if the file isn't there, can't be read, or describes a model that is not
   *     supported; the message names file and field
   */
  public static HuggingFaceConfig read(Path file) {
    return parse(file.toString(), contents(file));
  }

  /**
   * Reads the text of a {@code config.json}.
   *
   * @param file how errors name the text
   * @throws RunException as {@link #read}
   */
  public static HuggingFaceConfig parse(String file, String json) {
    ConfigFields fields = new ConfigFields(file, tree(file, json));
    ConfigFields text = TextPart.of(fields);
    DecoderConfig decoder = DecoderReader.read(text);
    fields.oneOf("torch_dtype", DTYPES);
    fields.oneOf("dtype", DTYPES);
    String dtype = fields.text("dtype", fields.text("torch_dtype", "float32"));
    ConfigFields tokens = fields.has("eos_token_id") ? fields : text;
    return new HuggingFaceConfig(
        decoder, dtype, specialTokens(tokens, decoder.vocabulary().size()));
  }

  /** Writes {@code config.json} as transformers 4.42 and later, and vLLM, read it. */
  public void write(Path file) throws IOException {
    Files.writeString(file, toJson());
  }

  /** The text of a {@code config.json}, with a newline at its end. */
  public String toJson() {
    ObjectNode json = JSON.createObjectNode();
    json.putArray("architectures").add(decoder.family().architecture());
    json.put("model_type", decoder.family().modelType());
    DecoderFields.put(json, decoder);
    putSpecialTokens(json);
    json.put("torch_dtype", dtype);
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Absent ids are written as null: left out, they would be the family's own. */
  private void putSpecialTokens(ObjectNode json) {
    json.put("bos_token_id", specialTokens.begin());
    List<Integer> end = specialTokens.end();
    if (end.size() > 1) {
      ArrayNode ids = json.putArray("eos_token_id");
      end.forEach(ids::add);
    } else {
      json.put("eos_token_id", end.isEmpty() ? null : end.get(0));
    }
    json.put("pad_token_id", specialTokens.padding());
  }

  private static String contents(Path file) {
    try {
      if (Files.size(Mounted.readable(file)) > MOST_BYTES) {
        throw new RunException(
            ExitCode.DATA, file + ": larger than " + MOST_BYTES + " bytes: not a config.json");
      }
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new RunException(
          ExitCode.NO_INPUT,
          file + ": no such file; a Hugging Face model folder has a config.json",
          e);
    } catch (IOException e) {
      throw new RunException(ExitCode.IO, file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static JsonNode tree(String file, String json) {
    try {
      JsonNode tree = JSON.readTree(json);
      if (!tree.isObject()) {
        throw new RunException(ExitCode.DATA, file + ": not a JSON object");
      }
      return tree;
    } catch (JacksonException e) {
      throw new RunException(ExitCode.DATA, file + ": not JSON: " + reason(e), e);
    }
  }

  /** Jackson's message on one line, with the position. */
  private static String reason(JacksonException e) {
    String where =
        e.getLocation() == null
            ? ""
            : " at line "
                + e.getLocation().getLineNr()
                + ", column "
                + e.getLocation().getColumnNr();
    String message = e.getOriginalMessage().replaceAll("[\\s\\p{C}]+", " ");
    return (message.length() <= 200 ? message : message.substring(0, 200) + "...") + where;
  }

  private static SpecialTokens specialTokens(ConfigFields fields, int vocabularySize) {
    List<Integer> end = new ArrayList<>();
    if (fields.has("eos_token_id") && fields.node("eos_token_id").isArray()) {
      for (JsonNode id : fields.node("eos_token_id")) {
        end.add(fields.wholeNumber("eos_token_id", id, 0, vocabularySize - 1));
      }
    } else if (fields.has("eos_token_id")) {
      end.add(tokenId(fields, "eos_token_id", vocabularySize));
    }
    return new SpecialTokens(
        tokenId(fields, "bos_token_id", vocabularySize), end, padding(fields, vocabularySize));
  }

  /** The first Llamas' folders have -1 for none. */
  private static Integer padding(ConfigFields fields, int vocabularySize) {
    boolean none = fields.has("pad_token_id") && fields.node("pad_token_id").intValue() < 0;
    return none ? null : tokenId(fields, "pad_token_id", vocabularySize);
  }

  private static Integer tokenId(ConfigFields fields, String field, int vocabularySize) {
    return fields.has(field)
        ? Integer.valueOf(fields.wholeNumber(field, fields.node(field), 0, vocabularySize - 1))
        : null;
  }
}
