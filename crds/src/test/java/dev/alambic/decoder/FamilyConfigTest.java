package dev.alambic.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Families other than Gemma 2, from {@code config.json} and back. */
class FamilyConfigTest {

  /** The parameters that the models' cards count. */
  static Stream<Arguments> published() {
    return Stream.of(
        Arguments.of(Family.Gemma3, PublishedConfigs.GEMMA_3_1B, 999_885_952L),
        Arguments.of(Family.Llama, PublishedConfigs.LLAMA_3_2_1B, 1_235_814_400L),
        Arguments.of(Family.Mistral, PublishedConfigs.MISTRAL_7B, 7_241_732_096L),
        Arguments.of(Family.Qwen2, PublishedConfigs.QWEN_2_5_05B, 494_032_768L),
        Arguments.of(Family.Qwen3, PublishedConfigs.QWEN_3_06B, 596_049_920L));
  }

  @ParameterizedTest
  @MethodSource("published")
  void countsThePublishedParameters(Family family, String json, long parameters) {
    DecoderConfig decoder = read(json);

    assertThat(decoder.family()).isEqualTo(family);
    assertThat(decoder.parameters()).isEqualTo(parameters);
  }

  @ParameterizedTest
  @MethodSource("published")
  void readsBackWhatItWrites(Family family, String json, long parameters) {
    HuggingFaceConfig config = HuggingFaceConfig.parse("config.json", json);

    assertThat(HuggingFaceConfig.parse("config.json", config.toJson())).isEqualTo(config);
    assertThat(config.toJson())
        .contains("\"architectures\" : [ \"" + family.architecture() + "\" ]")
        .contains("\"model_type\" : \"" + family.modelType() + "\"");
  }

  @Test
  void readsGemma3() {
    DecoderConfig decoder = read(PublishedConfigs.GEMMA_3_1B);

    // Five layers slide, the sixth sees everything.
    assertThat(IntStream.range(0, 26).filter(layer -> !decoder.slides(layer)))
        .containsExactly(5, 11, 17, 23);
    assertThat(decoder.positions().slidingWindow()).isEqualTo(512);
    assertThat(decoder.positions().rotary()).isEqualTo(Rotary.plain(1e6));
    assertThat(decoder.positions().slidingRotary()).isEqualTo(Rotary.plain(1e4));
    assertThat(decoder.attention().queryScale()).isEqualTo(256);
    assertThat(decoder.vocabulary().softCap()).isZero();
    assertThat(decoder.vocabulary().tied()).isTrue();
  }

  @Test
  void readsLlama() {
    DecoderConfig decoder = read(PublishedConfigs.LLAMA_3_2_1B);

    assertThat(decoder.positions().slidingLayers()).isEmpty();
    assertThat(decoder.positions().rotary())
        .isEqualTo(new Rotary(500_000, Rotary.Scaling.llama3(32, 1, 4, 8192)));
    assertThat(decoder.attention().queryScale()).isEqualTo(64);
    assertThat(decoder.attention().bias()).isEqualTo(AttentionBias.None);
    assertThat(decoder.feedForward().bias()).isFalse();
  }

  @Test
  void readsMistralQwen2AndQwen3() {
    DecoderConfig mistral = read(PublishedConfigs.MISTRAL_7B);
    assertThat(mistral.attention().headSize()).isEqualTo(128);
    assertThat(mistral.positions().slidingLayers()).hasSize(32);
    assertThat(mistral.positions().slidingWindow()).isEqualTo(4096);
    assertThat(mistral.vocabulary().tied()).isFalse();
    DecoderConfig qwen2 = read(PublishedConfigs.QWEN_2_5_05B);
    assertThat(qwen2.attention().bias()).isEqualTo(AttentionBias.QueryKeyValue);
    assertThat(qwen2.positions().slidingLayers()).isEmpty();
    assertThat(qwen2.attention().headSize()).isEqualTo(64);
    DecoderConfig qwen3 = read(PublishedConfigs.QWEN_3_06B);
    assertThat(qwen3.attention().bias()).isEqualTo(AttentionBias.None);
    assertThat(qwen3.positions().rotary()).isEqualTo(Rotary.plain(1e6));
    assertThat(qwen3.attention().queryScale()).isEqualTo(128);
  }

  /** Where a field is left out, it is what the class in transformers 5.24 and 4.57 has. */
  @ParameterizedTest
  @CsvSource({
    "Gemma2, 256, 8192, 4096, 10000, true",
    "Gemma3, 256, 131072, 4096, 1000000, true",
    "Llama, 16, 2048, 0, 10000, false",
    "Mistral, 16, 131072, 4096, 10000, false",
    "Qwen2, 16, 32768, 0, 10000, false",
    "Qwen3, 128, 32768, 0, 10000, false"
  })
  void defaultsAreTheFamilys(
      Family family, int headSize, int context, int window, double theta, boolean tied) {
    DecoderConfig decoder = read(small(family, ""));

    assertThat(decoder.attention().headSize()).isEqualTo(headSize);
    assertThat(decoder.positions().contextLength()).isEqualTo(context);
    assertThat(decoder.positions().slidingWindow()).isEqualTo(window);
    assertThat(decoder.positions().rotary()).isEqualTo(Rotary.plain(theta));
    assertThat(decoder.positions().slidingRotary()).isEqualTo(Rotary.plain(1e4));
    assertThat(decoder.normEpsilon()).isEqualTo(1e-6);
    assertThat(decoder.vocabulary().tied()).isEqualTo(tied);
    assertThat(decoder.attention().softCap()).isEqualTo(family == Family.Gemma2 ? 50 : 0);
    assertThat(decoder.vocabulary().softCap()).isEqualTo(family == Family.Gemma2 ? 30 : 0);
  }

  /** The layers that slide, of four. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Gemma2  | ''                                                          | 0 2
          Gemma2  | "layer_types": [F, S, S, F],                                | 1 2
          Gemma2  | "layer_types": [F, F, F, F], "sliding_window": null,        | ''
          Gemma3  | ''                                                          | 0 1 2 3
          Gemma3  | "sliding_window_pattern": 3,                                | 0 1 3
          Gemma3  | "sliding_window_pattern": 3, "layer_types": [F, F, S, F],   | 2
          Mistral | ''                                                          | 0 1 2 3
          Mistral | "sliding_window": null,                                     | ''
          Mistral | "sliding_window": 8, "layer_types": [S, S, S, S],           | 0 1 2 3
          Llama   | "layer_types": [F, F, F, F],                                | ''
          Qwen2   | "sliding_window": 8, "max_window_layers": 1,                | ''
          Qwen2   | "use_sliding_window": true, "max_window_layers": 1,         | 1 2 3
          Qwen2   | "use_sliding_window": true,                                 | ''
          Qwen3   | "use_sliding_window": true, "max_window_layers": 0,         | 0 1 2 3
          Qwen3   | "use_sliding_window": true, "layer_types": [F, S, F, S],    | 1 3
          Qwen3   | "use_sliding_window": true, "sliding_window": null,         | ''
          """)
  void someLayersSlide(Family family, String fields, String sliding) {
    DecoderConfig decoder = read(small(family, types(fields)));

    List<Integer> expected =
        Stream.of(sliding.split(" ", -1)).filter(s -> !s.isEmpty()).map(Integer::valueOf).toList();
    assertThat(decoder.positions().slidingLayers()).isEqualTo(expected);
    assertThat(decoder.positions().slidingWindow() > 0).isEqualTo(!expected.isEmpty());
    assertThat(read(new HuggingFaceConfig(decoder, "float32", SpecialTokens.NONE).toJson()))
        .isEqualTo(decoder);
  }

  /** Both spellings of positions. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Gemma3 | "rope_parameters": {"full_attention": {"rope_type": "linear", "factor": 8, "rope_theta": 7}, "sliding_attention": {"rope_type": "default", "rope_theta": 5}}, | 7.0 Linear 8.0 | 5.0
          Gemma3 | "rope_theta": 7, "rope_local_base_freq": 5, "rope_scaling": {"rope_type": "linear", "factor": 8}, | 7.0 Linear 8.0 | 5.0
          Gemma3 | "rope_parameters": {"full_attention": null}, "rope_theta": 7,                                     | 7.0            | 10000.0
          Qwen3  | "rope_parameters": {"rope_type": "linear", "factor": 4, "rope_theta": 9},                        | 9.0 Linear 4.0 | 9.0 Linear 4.0
          Mistral| "rope_theta": 9, "rope_scaling": {"type": "linear", "factor": 4},                                | 9.0 Linear 4.0 | 9.0 Linear 4.0
          Llama  | "rope_theta": 9, "rope_scaling": {"rope_type": "default"},                                       | 9.0            | 9.0
          """)
  void positionsInEitherSpelling(
      Family family, String fields, String everywhere, String whereItSlides) {
    DecoderConfig decoder = read(small(family, fields));

    assertThat(text(decoder.positions().rotary())).isEqualTo(everywhere);
    assertThat(text(decoder.positions().slidingRotary())).isEqualTo(whereItSlides);
    assertThat(read(new HuggingFaceConfig(decoder, "float32", SpecialTokens.NONE).toJson()))
        .isEqualTo(decoder);
  }

  private static String text(Rotary rotary) {
    Rotary.Scaling scaling = rotary.scaling();
    return rotary.theta() + (scaling == null ? "" : " " + scaling.kind() + " " + scaling.factor());
  }

  @ParameterizedTest
  @CsvSource({
    "Gemma2, attention_bias, All",
    "Gemma3, attention_bias, All",
    "Llama, attention_bias, All",
    "Llama, mlp_bias, None",
    "Mistral, use_cache, None",
    "Qwen2, use_cache, QueryKeyValue",
    "Qwen3, attention_bias, All"
  })
  void biasesAreTheFamilys(Family family, String field, AttentionBias bias) {
    DecoderConfig decoder = read(small(family, "\"" + field + "\": true,"));

    assertThat(decoder.attention().bias()).isEqualTo(bias);
    assertThat(decoder.feedForward().bias()).isEqualTo(field.equals("mlp_bias"));
    assertThat(read(new HuggingFaceConfig(decoder, "float32", SpecialTokens.NONE).toJson()))
        .isEqualTo(decoder);
  }

  @ParameterizedTest
  @EnumSource
  void theHeadIsTiedAsTheFileSays(Family family) {
    assertThat(read(small(family, "\"tie_word_embeddings\": true,")).vocabulary().tied()).isTrue();
    DecoderConfig own = read(small(family, "\"tie_word_embeddings\": false,"));
    assertThat(own.vocabulary().tied()).isFalse();
    assertThat(own.headParameters()).isEqualTo(64 * 32);
  }

  @Test
  void keysAreAsManyAsQueriesWhereNothingIsSaid() {
    String json = small(Family.Llama, "").replace("\"num_key_value_heads\": 2,", "");

    assertThat(read(json).attention().keyValueHeads()).isEqualTo(2);
    String none = small(Family.Qwen2, "").replace("_heads\": 2,", "_heads\": null,");
    assertThatThrownBy(() -> read(none)).hasMessageContaining("num_attention_heads: is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Llama   | "rope_scaling": {"rope_type": "yarn", "factor": 0},              | rope_scaling.factor: must be a positive number, not 0
          Llama   | "rope_scaling": {"type": "dynamic"},                             | rope_scaling.factor: is missing
          Llama   | "rope_scaling": {"rope_type": "longrope"},                       | rope_scaling.rope_type: is "longrope"
          Llama   | "rope_scaling": {"rope_type": "linear", "type": "yarn"},         | rope_scaling.type: contradicts rope_type
          Llama   | "rope_scaling": {"rope_type": "linear"},                         | rope_scaling.factor: is missing
          Llama   | "rope_scaling": {"rope_type": "llama3", "factor": 8},            | rope_scaling.low_freq_factor: is missing
          Llama   | "rope_scaling": {"rope_type": "llama3", "low_freq_factor": 4, "high_freq_factor": 4}, | rope_scaling.high_freq_factor: 4.0 must be above low_freq_factor (4.0)
          Llama   | "rope_scaling": {"rope_type": "default"}, "rope_parameters": {}, | rope_scaling: is set beside rope_parameters
          Llama   | "rope_parameters": {"rope_type": "linear", "factor": 2, "partial_rotary_factor": 0.5},               | rope_parameters.partial_rotary_factor: is not 1
          Llama   | "partial_rotary_factor": 0.5, "rope_scaling": {"type": "yarn", "factor": 2}, | partial_rotary_factor: is not 1
          Llama   | "rope_parameters": {"full_attention": {"rope_theta": 7}},        | rope_parameters.full_attention: is an object; all layers share
          Llama   | "hidden_act": "gelu",                                            | hidden_act: is "gelu"; only "silu" is supported
          Llama   | "sliding_window": 4096,                                          | sliding_window: is 4096; llama has none
          Llama   | "attention_chunk_size": 8192,                                    | attention_chunk_size: is 8192; it is not supported
          Llama   | "num_local_experts": 8,                                          | num_local_experts: is 8; it is not supported
          Llama   | "quantization_config": {"bits": 4},                              | quantization_config: is an object; it is not supported
          Llama   | "final_logit_softcapping": 30.0,                                 | final_logit_softcapping: is 30.0; llama has none
          Llama   | "query_pre_attn_scalar": 256,                                    | query_pre_attn_scalar: is 256; llama has none
          Llama   | "layer_types": ["sliding_attention", "full_attention", "full_attention", "full_attention"], | layer_types[0]: is sliding_attention; llama has none
          Llama   | "layer_types": ["chunked_attention", "full_attention", "full_attention", "full_attention"], | layer_types[0]: is "chunked_attention"; supported: full_attention, sliding_attention
          Llama   | "architectures": ["LlamaForSequenceClassification"],             | architectures: has "LlamaForSequenceClassification"; only "LlamaForCausalLM" is supported
          Llama   | "tie_word_embeddings": "no",                                     | tie_word_embeddings: must be true or false, not "no"
          Mistral | "attention_bias": true,                                          | attention_bias: is true; mistral has none
          Mistral | "mlp_bias": true,                                                | mlp_bias: is true; mistral has none
          Mistral | "layer_types": ["full_attention", "sliding_attention", "full_attention", "full_attention"], | layer_types[0]: is full_attention; mistral slides in every layer
          Qwen2   | "layer_types": ["sliding_attention", "full_attention", "full_attention", "full_attention"], | layer_types[0]: is sliding_attention; use_sliding_window is false
          Qwen2   | "use_mrope": true,                                               | use_mrope: is true; it is not supported
          Qwen2   | "use_sliding_window": true, "max_window_layers": -1,             | max_window_layers: must be a whole number from 0
          Qwen3   | "num_experts": 128,                                              | num_experts: is 128; it is not supported
          Gemma3  | "use_bidirectional_attention": true,                             | use_bidirectional_attention: is true; it is not supported
          Gemma3  | "attn_logit_softcapping": 50.0,                                  | attn_logit_softcapping: is 50.0; gemma3_text has none
          Gemma3  | "rope_parameters": {"rope_theta": 7},                            | rope_parameters.rope_theta: is 7; each layer type has its own
          Gemma3  | "rope_parameters": {"sliding_attention": {"rope_type": "linear", "factor": 2}}, | rope_parameters.sliding_attention.rope_type: sliding layers are not scaled
          Gemma3  | "rope_local_base_freq": 5, "rope_parameters": {"sliding_attention": {"rope_theta": 7}}, | rope_local_base_freq: 5.0 contradicts rope_parameters.sliding_attention.rope_theta (7.0)
          Gemma2  | "rope_local_base_freq": 5,                                       | rope_local_base_freq: is 5; gemma2 has none
          Gemma2  | "hidden_activation": "silu",                                     | hidden_activation: is "silu"; only "gelu_pytorch_tanh" is supported
          """)
  void refusesByName(Family family, String fields, String message) {
    assertThatThrownBy(() -> HuggingFaceConfig.parse("m/config.json", small(family, fields)))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith("m/config.json: " + message)
        .extracting(e -> ((RunException) e).exitCode())
        .isEqualTo(ExitCode.DATA);
  }

  @Test
  void yarnIsReadWithItsDefaults() {
    String qwen = "\"rope_scaling\": {\"type\": \"yarn\", \"factor\": 4.0},";
    Rotary.Scaling scaling = read(small(Family.Qwen2, qwen)).positions().rotary().scaling();

    // 0.1 ln 4 + 1, and the model's own context.
    assertThat(scaling)
        .isEqualTo(new Rotary.Scaling(Rotary.Kind.Yarn, 4, 1, 32, 32_768, 1.138629436111989, true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "attention_factor": 1.5                       | 1.5
          "mscale": 0.707, "mscale_all_dim": 0.707      | 1
          "mscale": 1, "mscale_all_dim": 0              | 1.1386294
          "mscale": 1, "mscale_all_dim": 0.5            | 1.0648219
          """)
  void yarnsAttentionFactorIsTheFirstThatIsSaid(String fields, double expected) {
    String yarn = "\"rope_scaling\": {\"type\": \"yarn\", \"factor\": 4.0, " + fields + "},";

    assertThat(read(small(Family.Llama, yarn)).positions().rotary().scaling().attentionFactor())
        .isCloseTo(expected, within(1e-6));
  }

  @Test
  void oddValuesThatTransformersReads() {
    DecoderConfig plain = read(small(Family.Llama, ""));
    for (String odd :
        List.of(
            "\"rope_scaling\": {},",
            "\"partial_rotary_factor\": 0.5,",
            "\"hidden_act\": \"swish\",",
            "\"pad_token_id\": -1,",
            "\"num_experts\": 0,",
            "\"some_other_range\": NaN,",
            "\"original_max_position_embeddings\": 4096,",
            "\"head_dim\": null,",
            "\"rope_scaling\": {\"type\": \"default\"},")) {
      assertThat(read(small(Family.Llama, odd))).as(odd).isEqualTo(plain);
    }
  }

  /** Gemma 3 4B's own file says no more of its text than this. */
  @Test
  void theTextOfAModelThatReadsPicturesIsReadWithItsDefaults() {
    String json =
        """
        {"architectures": ["Gemma3ForConditionalGeneration"], "model_type": "gemma3",
         "eos_token_id": [1, 106], "mm_tokens_per_image": 256, "torch_dtype": "bfloat16",
         "text_config": {"hidden_size": 2560, "intermediate_size": 10240, "model_type": "gemma3_text",
          "num_hidden_layers": 34, "rope_scaling": {"factor": 8.0, "rope_type": "linear"},
          "sliding_window": 1024},
         "vision_config": {"hidden_size": 1152, "model_type": "siglip_vision_model"}}
        """;
    HuggingFaceConfig config = HuggingFaceConfig.parse("config.json", json);

    DecoderConfig text = config.decoder();
    assertThat(text.family()).isEqualTo(Family.Gemma3);
    assertThat(text.vocabulary().size()).isEqualTo(262_208);
    assertThat(text.attention().heads()).isEqualTo(8);
    assertThat(text.attention().keyValueHeads()).isEqualTo(4);
    assertThat(text.attention().headSize()).isEqualTo(256);
    assertThat(text.layers()).isEqualTo(34);
    assertThat(text.slides(5)).isFalse();
    assertThat(text.slides(4)).isTrue();
    assertThat(text.positions().rotary().scaling()).isEqualTo(Rotary.Scaling.linear(8));
    assertThat(text.vocabulary().tied()).isTrue();
    assertThat(text.parameters()).isEqualTo(3_880_263_168L);
    assertThat(config.dtype()).isEqualTo("bfloat16");
    assertThat(config.specialTokens().end()).containsExactly(1, 106);
  }

  @Test
  void onlyGemma3HasRotaryBasesPerLayer() {
    DecoderConfig gemma3 = read(small(Family.Gemma3, ""));

    assertThatThrownBy(() -> gemma3.withFamily(Family.Llama).parameters())
        .hasMessageStartingWith("slidingRotary: Llama");
  }

  private static DecoderConfig read(String json) {
    return HuggingFaceConfig.parse("config.json", json).decoder();
  }

  private static String types(String fields) {
    return fields
        .replaceAll("\\bF\\b", "\"full_attention\"")
        .replaceAll("\\bS\\b", "\"sliding_attention\"");
  }

  /** Four layers and nothing said beside the sizes. */
  private static String small(Family family, String fields) {
    return """
        {%s
          "model_type": "%s", "vocab_size": 64, "hidden_size": 32, "intermediate_size": 64,
          "num_hidden_layers": 4, "num_attention_heads": 2, "num_key_value_heads": 2, "initializer_range": 0.02}
        """
        .formatted(fields, family.modelType());
  }
}
