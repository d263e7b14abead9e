package dev.alambic.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HuggingFaceConfigTest {

  /** Gemma 2 2B as transformers 4.42 wrote it. */
  private static final String GEMMA_2_2B =
      """
      {
        "architectures": ["Gemma2ForCausalLM"],
        "attention_bias": false,
        "attention_dropout": 0.0,
        "attn_logit_softcapping": 50.0,
        "bos_token_id": 2,
        "cache_implementation": "hybrid",
        "eos_token_id": [1, 107],
        "final_logit_softcapping": 30.0,
        "head_dim": 256,
        "hidden_act": "gelu_pytorch_tanh",
        "hidden_activation": "gelu_pytorch_tanh",
        "hidden_size": 2304,
        "initializer_range": 0.02,
        "intermediate_size": 9216,
        "max_position_embeddings": 8192,
        "model_type": "gemma2",
        "num_attention_heads": 8,
        "num_hidden_layers": 26,
        "num_key_value_heads": 4,
        "pad_token_id": 0,
        "query_pre_attn_scalar": 256,
        "rms_norm_eps": 1e-06,
        "rope_theta": 10000.0,
        "sliding_window": 4096,
        "torch_dtype": "bfloat16",
        "transformers_version": "4.42.4",
        "use_cache": true,
        "vocab_size": 256000
      }
      """;

  /** A small one as transformers 5 writes it. */
  private static final String VERSION_5 =
      """
      {
        "dtype": "float32",
        "model_type": "gemma2",
        "vocab_size": 64,
        "hidden_size": 16,
        "intermediate_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "head_dim": 8,
        "layer_types": ["sliding_attention", "full_attention"],
        "rope_parameters": {"rope_theta": 500.0, "rope_type": "default"},
        "attn_logit_softcapping": null,
        "use_bidirectional_attention": false,
        "eos_token_id": null
      }
      """;

  @Test
  void readsGemma2() {
    HuggingFaceConfig config = HuggingFaceConfig.parse("config.json", GEMMA_2_2B);

    assertThat(config.decoder())
        .isEqualTo(
            DecoderConfig.gemma2(
                256000, 2304, 26, 8, 4, 256, 9216, 4096, 8192, 10000, 1e-6, 50, 30, 256));
    assertThat(config.dtype()).isEqualTo("bfloat16");
    assertThat(config.specialTokens()).isEqualTo(new SpecialTokens(2, List.of(1, 107), 0));
  }

  @Test
  void readsVersion5AndItsDefaults() {
    HuggingFaceConfig config = HuggingFaceConfig.parse("config.json", VERSION_5);

    assertThat(config.decoder())
        .isEqualTo(DecoderConfig.gemma2(64, 16, 2, 2, 1, 8, 32, 4096, 8192, 500, 1e-6, 0, 30, 256));
    assertThat(config.dtype()).isEqualTo("float32");
    assertThat(config.specialTokens()).isEqualTo(SpecialTokens.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {GEMMA_2_2B, VERSION_5})
  void readsBackWhatItWrites(String json) {
    HuggingFaceConfig config = HuggingFaceConfig.parse("config.json", json);

    assertThat(HuggingFaceConfig.parse("config.json", config.toJson())).isEqualTo(config);
  }

  @Test
  void readsBackWhatItWritesToAFile(@TempDir Path folder) throws Exception {
    HuggingFaceConfig config = HuggingFaceConfig.parse("config.json", GEMMA_2_2B);
    Path file = folder.resolve(HuggingFaceConfig.FILE_NAME);

    config.write(file);

    assertThat(HuggingFaceConfig.read(file)).isEqualTo(config);
  }

  @Test
  void writesWhatTransformersAndVllmLookFor() {
    assertThat(HuggingFaceConfig.parse("config.json", GEMMA_2_2B).toJson())
        .contains("\"architectures\" : [ \"Gemma2ForCausalLM\" ]")
        .contains("\"hidden_act\" : \"gelu_pytorch_tanh\"")
        .contains("\"hidden_activation\" : \"gelu_pytorch_tanh\"")
        .contains("\"query_pre_attn_scalar\" : 256,")
        .contains("\"tie_word_embeddings\" : true")
        .contains("\"torch_dtype\" : \"bfloat16\"");
    assertThat(HuggingFaceConfig.parse("config.json", VERSION_5).toJson())
        .contains("\"attn_logit_softcapping\" : null")
        .contains("\"eos_token_id\" : null")
        .contains("\"pad_token_id\" : null");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "model_type": "gemma2"             | "model_type": "gemma3"                  | text_config: is missing
          "model_type": "gemma2",            | ''                                      | model_type: is missing; supported: gemma2,
          "attention_bias": false            | "attention_bias": "yes"                 | attention_bias: must be true or false, not "yes"
          "attention_bias": false            | "mlp_bias": true                        | mlp_bias: is true; gemma2 has none
          "hidden_activation": "gelu_pytorch_tanh" | "hidden_activation": "silu"       | hidden_activation: is "silu"; only "gelu_pytorch_tanh" is supported
          "use_cache": true                  | "use_bidirectional_attention": true     | use_bidirectional_attention: is true; it is not supported
          "use_cache": true                  | "rope_scaling": {"factor": 2}           | rope_scaling.rope_type: is missing
          "use_cache": true                  | "rope_parameters": {"rope_type": "axial"} | rope_parameters.rope_type: is "axial"; supported: default, linear, dynamic, yarn, llama3
          "use_cache": true                  | "rope_parameters": {"rope_theta": 7}    | rope_theta: 10000.0 contradicts rope_parameters.rope_theta (7.0)
          "use_cache": true                  | "rope_parameters": 7                    | rope_parameters: must be an object, not 7
          "use_cache": true                  | "quantization_config": {}               | quantization_config: is an object; it is not supported
          "use_cache": true                  | "layer_types": ["full_attention"]       | layer_types: must list 26 layers
          "vocab_size": 256000               | "vocabulary": 256000                    | vocab_size: is missing
          "head_dim": 256                    | "head_dim": 7                           | head_dim: 7 must be even
          "num_key_value_heads": 4           | "num_key_value_heads": 3                | num_attention_heads: 8 must be a multiple of num_key_value_heads (3)
          "num_hidden_layers": 26            | "num_hidden_layers": 2147483647         | num_hidden_layers: must be a whole number from 1 to 1000, not 2147483647
          "hidden_size": 2304                | "hidden_size": 1e400                    | hidden_size: must be a whole number from 1 to 16777216
          "hidden_size": 2304                | "hidden_size": "2304"                   | hidden_size: must be a whole number from 1 to 16777216, not "2304"
          "sliding_window": 4096             | "sliding_window": null                  | sliding_window: is missing
          "rms_norm_eps": 1e-06              | "rms_norm_eps": 0                       | rms_norm_eps: must be a positive number, not 0
          "final_logit_softcapping": 30.0    | "final_logit_softcapping": -1           | final_logit_softcapping: must be a positive number, not -1
          "torch_dtype": "bfloat16"          | "torch_dtype": "int8"                   | torch_dtype: is "int8"; supported: bfloat16, float16, float32
          "pad_token_id": 0                  | "pad_token_id": 256000                  | pad_token_id: must be a whole number from 0 to 255999, not 256000
          "eos_token_id": [1, 107]           | "eos_token_id": [1, "x"]                | eos_token_id: must be a whole number from 0 to 255999, not "x"
          "head_dim": 256                    | "head_dim": 256, "head_dim": 128        | not JSON: Duplicate field 'head_dim' at line 10
          """)
  void refusesByName(String good, String bad, String message) {
    assertThat(GEMMA_2_2B).contains(good);

    assertThatThrownBy(
            () -> HuggingFaceConfig.parse("m/config.json", GEMMA_2_2B.replace(good, bad)))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith("m/config.json: " + message)
        .extracting(e -> ((RunException) e).exitCode())
        .isEqualTo(ExitCode.DATA);
  }

  @Test
  void saysWhereTheFolderIsWrong(@TempDir Path folder) {
    assertThatThrownBy(() -> HuggingFaceConfig.read(folder.resolve("config.json")))
        .hasMessageContaining("config.json: no such file")
        .extracting(e -> ((RunException) e).exitCode())
        .isEqualTo(ExitCode.NO_INPUT);
  }

  @Test
  void refusesAFileThatIsNoConfig(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("config.json");
    Files.write(file, new byte[5 << 20]);

    assertThatThrownBy(() -> HuggingFaceConfig.read(file)).hasMessageContaining("larger than");
  }

  /** Whatever is in the file: a value, or one line that starts with the file's name. */
  @Test
  void neverFailsInAnotherWay() {
    List<String> files =
        List.of(
            GEMMA_2_2B,
            VERSION_5,
            PublishedConfigs.GEMMA_3_1B,
            PublishedConfigs.LLAMA_3_2_1B,
            PublishedConfigs.MISTRAL_7B,
            PublishedConfigs.QWEN_2_5_05B,
            PublishedConfigs.QWEN_3_06B);
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 14_000; i++) {
      String json = mutated(files.get(i % files.size()), random);
      try {
        HuggingFaceConfig config = HuggingFaceConfig.parse("config.json", json);
        assertThat(HuggingFaceConfig.parse("config.json", config.toJson())).isEqualTo(config);
      } catch (RunException e) {
        refused++;
        assertThat(e.getMessage())
            .startsWith("config.json: ")
            .doesNotContainPattern("\\p{C}")
            .hasSizeLessThan(400);
      }
    }
    assertThat(refused).isBetween(3_500, 13_999);
  }

  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          "\"",
          ",",
          ":",
          "null",
          "true",
          "-1",
          "0",
          "1e999",
          "1e-999",
          "NaN",
          "99999999999999999999",
          "\"\"",
          "\u0000",
          "\ud800",
          "[[[[[[[[[[[[[[[[[[[[[[[[",
          "2.5");

  private static String mutated(String json, Random random) {
    StringBuilder text = new StringBuilder(json);
    for (int change = random.nextInt(3); change >= 0; change--) {
      int from = random.nextInt(text.length());
      int to = Math.min(text.length(), from + random.nextInt(random.nextBoolean() ? 2 : 12));
      String piece = PIECES.get(random.nextInt(PIECES.size()));
      if (random.nextBoolean()) {
        // Between a colon and the end of the line: a value of another kind.
        int colon = text.indexOf(": ", from);
        int comma = colon < 0 ? -1 : text.indexOf(",", colon);
        if (comma > 0) {
          text.replace(colon + 2, comma, piece);
          continue;
        }
      }
      text.replace(from, to, piece);
    }
    return text.toString();
  }
}
