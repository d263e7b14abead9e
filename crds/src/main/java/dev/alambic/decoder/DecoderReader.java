package dev.alambic.decoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The shape of a decoder from the fields of a {@code config.json}. */
final class DecoderReader {

  // Bounds that no decoder comes near; they keep a hostile file from claiming a model whose mere
  // list of tensors would not fit in memory.
  private static final int MOST_LAYERS = 1_000;
  private static final int LARGEST_SIZE = 1 << 24;

  private final ConfigFields fields;
  private final Family family;

  private DecoderReader(ConfigFields fields) {
    this.fields = fields;
    this.family = family(fields);
  }

  static DecoderConfig read(ConfigFields fields) {
    return new DecoderReader(fields).decoder();
  }

  private static Family family(ConfigFields fields) {
    return Family.ofModelType(fields.text("model_type", ""))
        .orElseThrow(
            () ->
                fields.wrong(
                    "model_type",
                    (fields.has("model_type")
                            ? "is " + ConfigFields.quote(fields.node("model_type"))
                            : "is missing")
                        + "; supported: "
                        + Arrays.stream(Family.values())
                            .map(Family::modelType)
                            .collect(Collectors.joining(", "))));
  }

  private DecoderConfig decoder() {
    refuseOtherArchitectures();
    UnsupportedFields.refuse(fields, family);
    int hidden = fields.count("hidden_size", LARGEST_SIZE);
    int layers = fields.count("num_hidden_layers", MOST_LAYERS);
    int heads = fields.count("num_attention_heads", LARGEST_SIZE);
    int headSize = headSize(hidden, heads);
    SlidingReader.Sliding sliding = SlidingReader.read(fields, family, layers);
    int context = fields.count("max_position_embeddings", contextLength(), Integer.MAX_VALUE);
    Rotary rotary = RotaryReader.everywhere(fields, family, context);
    return new DecoderConfig(
        family,
        new DecoderConfig.Vocabulary(
            fields.count("vocab_size", LARGEST_SIZE),
            fields.flag("tie_word_embeddings", gemma()),
            gemma() ? softCap("final_logit_softcapping", family == Family.Gemma2 ? 30 : 0) : 0),
        hidden,
        layers,
        new DecoderConfig.Attention(
            heads,
            keyValueHeads(heads),
            headSize,
            gemma() ? fields.positive("query_pre_attn_scalar", 256) : headSize,
            family == Family.Gemma2 ? softCap("attn_logit_softcapping", 50) : 0,
            attentionBias()),
        new DecoderConfig.FeedForward(
            fields.count("intermediate_size", LARGEST_SIZE),
            family == Family.Llama && fields.flag("mlp_bias", false)),
        new DecoderConfig.Positions(
            context,
            sliding.window(),
            sliding.layers(),
            rotary,
            sliding.layers().isEmpty() ? rotary : RotaryReader.sliding(fields, family, context)),
        fields.positive("rms_norm_eps", 1e-6));
  }

  private boolean gemma() {
    return family == Family.Gemma2 || family == Family.Gemma3;
  }

  /** Another class has another head. */
  private void refuseOtherArchitectures() {
    if (!fields.has("architectures")) {
      return;
    }
    for (JsonNode name : fields.node("architectures")) {
      if (!name.equals(TextNode.valueOf(family.architecture()))) {
        throw fields.wrong(
            "architectures",
            "has "
                + ConfigFields.quote(name)
                + "; only \""
                + family.architecture()
                + "\" is supported");
      }
    }
  }

  private int keyValueHeads(int heads) {
    boolean optional = family == Family.Llama || fields.mentions("num_key_value_heads");
    int keyValueHeads =
        optional && !gemma()
            ? fields.countOrNull("num_key_value_heads", heads, LARGEST_SIZE)
            : fields.count("num_key_value_heads", LARGEST_SIZE);
    if (heads % keyValueHeads != 0) {
      throw fields.wrong(
          "num_attention_heads",
          heads + " must be a multiple of num_key_value_heads (" + keyValueHeads + ")");
    }
    return keyValueHeads;
  }

  private int headSize(int hidden, int heads) {
    int headSize =
        switch (family) {
          case Gemma2, Gemma3 -> fields.count("head_dim", 256, LARGEST_SIZE);
          case Qwen3 -> fields.count("head_dim", 128, LARGEST_SIZE);
          case Llama, Mistral, Qwen2 ->
              fields.has("head_dim")
                  ? fields.count("head_dim", LARGEST_SIZE)
                  : fields.quotient("hidden_size", hidden, "num_attention_heads", heads);
        };
    if (headSize % 2 != 0) {
      throw fields.wrong("head_dim", headSize + " must be even: rotary positions turn pairs");
    }
    return headSize;
  }

  private int contextLength() {
    return switch (family) {
      case Gemma2 -> 8192;
      case Gemma3, Mistral -> 131_072;
      case Llama -> 2048;
      case Qwen2, Qwen3 -> 32_768;
    };
  }

  /** Absent means the family's own cap, null means none. */
  private double softCap(String field, double absent) {
    return fields.mentions(field) && !fields.has(field) ? 0 : fields.positive(field, absent);
  }

  /** Qwen 2 always has the three, whatever {@code attention_bias} says; Mistral has none. */
  private AttentionBias attentionBias() {
    if (family == Family.Qwen2) {
      return AttentionBias.QueryKeyValue;
    }
    return family != Family.Mistral && fields.flag("attention_bias", false)
        ? AttentionBias.All
        : AttentionBias.None;
  }
}
