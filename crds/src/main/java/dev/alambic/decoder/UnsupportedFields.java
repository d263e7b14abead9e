package dev.alambic.decoder;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;

/**
 * Refuses, by name, fields that would make other maths of a decoder than {@link DecoderConfig} can
 * say. Null and false leave the maths alone.
 */
final class UnsupportedFields {

  /** Of no family here, whatever their value. */
  private static final List<String> NOT_SUPPORTED =
      List.of(
          "quantization_config",
          "use_bidirectional_attention",
          "attention_chunk_size",
          "num_experts",
          "num_local_experts",
          "n_routed_experts",
          "moe_intermediate_size",
          "no_rope_layers",
          "use_qk_norm",
          "use_mrope",
          "clip_qkv",
          "logit_scale",
          "logits_scaling",
          "embedding_multiplier",
          "attention_multiplier",
          "residual_multiplier",
          "per_layer_config");

  private UnsupportedFields() {}

  static void refuse(ConfigFields fields, Family family) {
    boolean gemma = family == Family.Gemma2 || family == Family.Gemma3;
    refuseOtherActivation(fields, family);
    NOT_SUPPORTED.forEach(field -> fields.unset(field, "it is not supported"));
    refuseOthersFields(fields, family, gemma);
  }

  /**
   * Gemma's code reads {@code hidden_activation} alone, the others' {@code hidden_act}, where swish
   * is another name of SiLU.
   */
  private static void refuseOtherActivation(ConfigFields fields, Family family) {
    if (family.has(Family.Trait.GELU)) {
      fields.only("hidden_activation", TextNode.valueOf("gelu_pytorch_tanh"));
      if (!fields.has("hidden_activation")) {
        fields.only("hidden_act", TextNode.valueOf("gelu_pytorch_tanh"));
      }
    } else if (!"swish".equals(fields.text("hidden_act", null))) {
      fields.only("hidden_act", TextNode.valueOf("silu"));
    }
  }

  /** Fields of one family in another's file: what the writer meant is anyone's guess. */
  private static void refuseOthersFields(ConfigFields fields, Family family, boolean gemma) {
    String why = family.modelType() + " has none";
    if (family != Family.Gemma2) {
      fields.unset("attn_logit_softcapping", why);
    }
    if (!gemma) {
      fields.unset("final_logit_softcapping", why);
      fields.unset("query_pre_attn_scalar", why);
    }
    if (!family.has(Family.Trait.LOCAL_ROTARY)) {
      fields.unset("rope_local_base_freq", why);
    }
    if (family == Family.Llama) {
      fields.unset("sliding_window", why);
    } else {
      fields.unset("mlp_bias", why);
    }
    if (family == Family.Mistral) {
      fields.unset("attention_bias", why);
    }
  }
}
