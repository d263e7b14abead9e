package dev.alambic.decoder;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.alambic.run.ExitCode;
import dev.alambic.run.RunException;
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
 * The {@code config.json} of a Gemma 2 folder, with the field names of transformers' {@code
 * Gemma2Config}. A field that would change the maths into something {@link DecoderConfig} can't say
 * is refused by name; a field that doesn't touch the maths is ignored. Where a field is absent, its
 * default is that of {@code Gemma2Config}, except for the sizes, which must be there.
 *
 * @param decoder the shape
 * @param dtype type of the stored weights: float32, float16 or bfloat16
 * @param specialTokens ids for generators
 */
public record HuggingFaceConfig(DecoderConfig decoder, String dtype, SpecialTokens specialTokens) {

  public static final String FILE_NAME = "config.json";

  private static final String MODEL_TYPE = "gemma2";
  private static final String ACTIVATION = "gelu_pytorch_tanh";
  private static final Set<String> DTYPES =
      new TreeSet<>(List.of("float32", "float16", "bfloat16"));

  // Bounds that no decoder of this family comes near; they keep a hostile file from
  // claiming a model whose mere list of tensors would not fit in memory.
  private static final int MOST_BYTES = 1 << 22;
  private static final int MOST_LAYERS = 1_000;
  private static final int LARGEST_SIZE = 1 << 24;

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
          .build();

  public HuggingFaceConfig {
    if (!DTYPES.contains(dtype)) {
      throw new IllegalArgumentException("dtype: " + dtype + " is none of " + DTYPES);
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
    refuseOtherMaths(fields);
    DecoderConfig decoder = decoder(fields);
    refuseOtherLayerTypes(fields, decoder);
    fields.oneOf("torch_dtype", DTYPES);
    fields.oneOf("dtype", DTYPES);
    String dtype = fields.text("dtype", fields.text("torch_dtype", "float32"));
    return new HuggingFaceConfig(decoder, dtype, specialTokens(fields, decoder.vocabularySize()));
  }

  /** Writes {@code config.json} as transformers 4.42 and later, and vLLM, read it. */
  public void write(Path file) throws IOException {
    Files.writeString(file, toJson());
  }

  /** The text of a {@code config.json}, with a newline at its end. */
  public String toJson() {
    ObjectNode json = JSON.createObjectNode();
    json.putArray("architectures").add("Gemma2ForCausalLM");
    json.put("model_type", MODEL_TYPE);
    putSizes(json);
    putMaths(json);
    putSpecialTokens(json);
    json.put("torch_dtype", dtype);
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private void putSizes(ObjectNode json) {
    json.put("vocab_size", decoder.vocabularySize());
    json.put("hidden_size", decoder.hiddenSize());
    json.put("num_hidden_layers", decoder.layers());
    json.put("num_attention_heads", decoder.heads());
    json.put("num_key_value_heads", decoder.keyValueHeads());
    json.put("head_dim", decoder.headSize());
    json.put("intermediate_size", decoder.feedForwardSize());
    json.put("sliding_window", decoder.slidingWindow());
    json.put("max_position_embeddings", decoder.contextLength());
  }

  private void putMaths(ObjectNode json) {
    json.put("rope_theta", decoder.ropeTheta());
    json.put("rms_norm_eps", decoder.normEpsilon());
    putSoftCap(json, "attn_logit_softcapping", decoder.attentionSoftCap());
    putSoftCap(json, "final_logit_softcapping", decoder.finalSoftCap());
    // transformers 5 declares it an integer and refuses 256.0.
    json.put("query_pre_attn_scalar", ConfigFields.number(decoder.queryScale()));
    // transformers reads hidden_activation; vLLM wants both and the same.
    json.put("hidden_act", ACTIVATION);
    json.put("hidden_activation", ACTIVATION);
    json.put("attention_bias", false);
    json.put("attention_dropout", 0.0);
    json.put("tie_word_embeddings", true);
  }

  private static void putSoftCap(ObjectNode json, String field, double cap) {
    if (cap == 0) {
      json.putNull(field);
    } else {
      json.put(field, cap);
    }
  }

  /** Absent ids are written as null: left out, they would be Gemma's own 2, 1 and 0. */
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
      if (Files.size(file) > MOST_BYTES) {
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

  private static void refuseOtherMaths(ConfigFields fields) {
    if (!MODEL_TYPE.equals(fields.text("model_type", null))) {
      String found =
          fields.has("model_type")
              ? "is " + ConfigFields.quote(fields.node("model_type"))
              : "is missing";
      throw fields.wrong("model_type", found + "; only \"" + MODEL_TYPE + "\" is supported");
    }
    fields.only("hidden_activation", TextNode.valueOf(ACTIVATION));
    fields.only("hidden_act", TextNode.valueOf(ACTIVATION));
    fields.only("attention_bias", BooleanNode.FALSE);
    fields.only("use_bidirectional_attention", BooleanNode.FALSE);
    fields.only("tie_word_embeddings", BooleanNode.TRUE);
    if (fields.has("rope_scaling")) {
      throw fields.wrong("rope_scaling", "is set; only null (plain rotary positions) is supported");
    }
    if (fields.has("quantization_config")) {
      throw fields.wrong("quantization_config", "is set; only unquantised weights are supported");
    }
  }

  private static DecoderConfig decoder(ConfigFields fields) {
    int heads = fields.count("num_attention_heads", LARGEST_SIZE);
    int keyValueHeads = fields.count("num_key_value_heads", LARGEST_SIZE);
    if (heads % keyValueHeads != 0) {
      throw fields.wrong(
          "num_attention_heads",
          heads + " must be a multiple of num_key_value_heads (" + keyValueHeads + ")");
    }
    int headSize = fields.count("head_dim", LARGEST_SIZE);
    if (headSize % 2 != 0) {
      throw fields.wrong("head_dim", headSize + " must be even: rotary positions turn pairs");
    }
    return new DecoderConfig(
        fields.count("vocab_size", LARGEST_SIZE),
        fields.count("hidden_size", LARGEST_SIZE),
        fields.count("num_hidden_layers", MOST_LAYERS),
        heads,
        keyValueHeads,
        headSize,
        fields.count("intermediate_size", LARGEST_SIZE),
        fields.count("sliding_window", 4096, Integer.MAX_VALUE),
        fields.count("max_position_embeddings", 8192, Integer.MAX_VALUE),
        ropeTheta(fields),
        fields.positive("rms_norm_eps", 1e-6),
        softCap(fields, "attn_logit_softcapping", 50),
        softCap(fields, "final_logit_softcapping", 30),
        fields.positive("query_pre_attn_scalar", 256));
  }

  /** Absent means Gemma 2's own cap, null means none. */
  private static double softCap(ConfigFields fields, String field, double absent) {
    return fields.mentions(field) && !fields.has(field) ? 0 : fields.positive(field, absent);
  }

  /** Top level until transformers 4, inside {@code rope_parameters} from 5 on. */
  private static double ropeTheta(ConfigFields fields) {
    double theta = fields.positive("rope_theta", 10_000);
    if (!fields.has("rope_parameters")) {
      return theta;
    }
    ConfigFields rope = fields.inside("rope_parameters");
    rope.only("rope_type", TextNode.valueOf("default"));
    double inner = rope.positive("rope_theta", theta);
    if (fields.mentions("rope_theta") && inner != theta) {
      throw fields.wrong(
          "rope_theta", theta + " contradicts rope_parameters.rope_theta (" + inner + ")");
    }
    return inner;
  }

  private static void refuseOtherLayerTypes(ConfigFields fields, DecoderConfig decoder) {
    if (!fields.has("layer_types")) {
      return;
    }
    JsonNode types = fields.node("layer_types");
    if (!types.isArray() || types.size() != decoder.layers()) {
      throw fields.wrong("layer_types", "must list " + decoder.layers() + " layers");
    }
    for (int layer = 0; layer < decoder.layers(); layer++) {
      String expected = decoder.slides(layer) ? "sliding_attention" : "full_attention";
      if (!expected.equals(types.get(layer).textValue())) {
        throw fields.wrong(
            "layer_types[" + layer + "]",
            "is "
                + ConfigFields.quote(types.get(layer))
                + "; only sliding_attention and full_attention in turn are supported, here "
                + expected);
      }
    }
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
        tokenId(fields, "bos_token_id", vocabularySize),
        end,
        tokenId(fields, "pad_token_id", vocabularySize));
  }

  private static Integer tokenId(ConfigFields fields, String field, int vocabularySize) {
    return fields.has(field)
        ? Integer.valueOf(fields.wholeNumber(field, fields.node(field), 0, vocabularySize - 1))
        : null;
  }
}
