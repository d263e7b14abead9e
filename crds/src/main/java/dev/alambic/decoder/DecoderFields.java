package dev.alambic.decoder;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.IntStream;

/**
 * A decoder's shape as the fields of a {@code config.json}, in transformers 4's spelling, which
 * version 5 and vLLM read too.
 */
final class DecoderFields {

  private final ObjectNode json;
  private final DecoderConfig decoder;

  private DecoderFields(ObjectNode json, DecoderConfig decoder) {
    this.json = json;
    this.decoder = decoder;
  }

  static void put(ObjectNode json, DecoderConfig decoder) {
    DecoderFields fields = new DecoderFields(json, decoder);
    fields.putSizes();
    fields.putAttention();
    fields.putRotary();
    fields.putSliding();
    fields.putRest();
  }

  private void putSizes() {
    json.put("vocab_size", decoder.vocabulary().size());
    json.put("hidden_size", decoder.hiddenSize());
    json.put("num_hidden_layers", decoder.layers());
    json.put("num_attention_heads", decoder.attention().heads());
    json.put("num_key_value_heads", decoder.attention().keyValueHeads());
    json.put("head_dim", decoder.attention().headSize());
    json.put("intermediate_size", decoder.feedForward().size());
    json.put("max_position_embeddings", decoder.positions().contextLength());
  }

  private void putAttention() {
    json.put("attention_dropout", 0.0);
    switch (decoder.family()) {
      case Gemma2, Gemma3 -> {
        putSoftCap("attn_logit_softcapping", decoder.attention().softCap());
        putSoftCap("final_logit_softcapping", decoder.vocabulary().softCap());
        // transformers 5 declares it an integer and refuses 256.0.
        json.put("query_pre_attn_scalar", ConfigFields.number(decoder.attention().queryScale()));
        putAttentionBias();
      }
      case Llama -> {
        putAttentionBias();
        json.put("mlp_bias", decoder.feedForward().bias());
      }
      case Qwen3 -> putAttentionBias();
      case Mistral, Qwen2 -> {}
    }
  }

  private void putAttentionBias() {
    json.put("attention_bias", decoder.attention().bias() == AttentionBias.All);
  }

  private void putSoftCap(String field, double cap) {
    if (cap == 0) {
      json.putNull(field);
    } else {
      json.put(field, cap);
    }
  }

  private void putRotary() {
    json.put("rope_theta", decoder.positions().rotary().theta());
    if (decoder.family().has(Family.Trait.LOCAL_ROTARY)) {
      json.put("rope_local_base_freq", decoder.positions().slidingRotary().theta());
    }
    Rotary.Scaling scaling = decoder.positions().rotary().scaling();
    if (scaling == null) {
      json.putNull("rope_scaling");
      return;
    }
    ObjectNode fields = json.putObject("rope_scaling");
    fields.put("factor", scaling.factor());
    switch (scaling.kind()) {
      case Linear -> fields.put("rope_type", "linear");
      case Dynamic -> fields.put("rope_type", "dynamic");
      case Yarn -> {
        fields.put("rope_type", "yarn");
        fields.put("beta_slow", scaling.lowFrequencyFactor());
        fields.put("beta_fast", scaling.highFrequencyFactor());
        fields.put("original_max_position_embeddings", scaling.originalContextLength());
        fields.put("attention_factor", scaling.attentionFactor());
        if (!scaling.truncate()) {
          fields.put("truncate", false);
        }
      }
      case Llama3 -> {
        fields.put("rope_type", "llama3");
        fields.put("low_freq_factor", scaling.lowFrequencyFactor());
        fields.put("high_freq_factor", scaling.highFrequencyFactor());
        fields.put("original_max_position_embeddings", scaling.originalContextLength());
      }
    }
  }

  private void putSliding() {
    boolean slides = !decoder.positions().slidingLayers().isEmpty();
    switch (decoder.family()) {
      case Gemma2, Gemma3 -> {
        // transformers makes the mask of a window even where no layer slides.
        json.put(
            "sliding_window",
            slides ? decoder.positions().slidingWindow() : decoder.positions().contextLength());
        putLayerTypes();
      }
      case Llama -> {}
      case Mistral -> putWindow(slides);
      case Qwen2, Qwen3 -> {
        json.put("use_sliding_window", slides);
        putWindow(slides);
        // What transformers before layer_types looks at; exact where the first layers see all.
        json.put(
            "max_window_layers",
            slides ? decoder.positions().slidingLayers().get(0) : decoder.layers());
        putLayerTypes();
      }
    }
  }

  private void putWindow(boolean slides) {
    json.put(
        "sliding_window", slides ? Integer.valueOf(decoder.positions().slidingWindow()) : null);
  }

  private void putLayerTypes() {
    ArrayNode types = json.putArray("layer_types");
    IntStream.range(0, decoder.layers())
        .forEach(i -> types.add(decoder.slides(i) ? "sliding_attention" : "full_attention"));
  }

  private void putRest() {
    json.put("rms_norm_eps", decoder.normEpsilon());
    boolean gelu = decoder.family().has(Family.Trait.GELU);
    json.put("hidden_act", gelu ? "gelu_pytorch_tanh" : "silu");
    if (gelu) {
      // transformers reads hidden_activation; vLLM wants both and the same.
      json.put("hidden_activation", "gelu_pytorch_tanh");
    }
    json.put("tie_word_embeddings", decoder.vocabulary().tied());
  }
}
