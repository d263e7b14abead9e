package dev.alambic.decoder;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * The families of decoders that are one decoder here: what is fixed in each. What varies within a
 * family is in {@link DecoderConfig}. The source is transformers' {@code modeling_*.py} of each.
 */
public enum Family {
  Gemma2(
      "gemma2",
      "Gemma2ForCausalLM",
      Trait.NORMS_AROUND_IDENTITY,
      Trait.NORMS_AFTER_BLOCKS,
      Trait.GELU,
      Trait.SCALED_EMBEDDING),
  Gemma3(
      "gemma3_text",
      "Gemma3ForCausalLM",
      Trait.NORMS_AROUND_IDENTITY,
      Trait.NORMS_AFTER_BLOCKS,
      Trait.GELU,
      Trait.SCALED_EMBEDDING,
      Trait.QUERY_KEY_NORMS,
      Trait.LOCAL_ROTARY),
  Llama("llama", "LlamaForCausalLM"),
  Mistral("mistral", "MistralForCausalLM"),
  Qwen2("qwen2", "Qwen2ForCausalLM"),
  Qwen3("qwen3", "Qwen3ForCausalLM", Trait.QUERY_KEY_NORMS);

  /** How a family differs from Llama's: norms before each block, SiLU, plain embeddings. */
  public enum Trait {
    /** A norm's stored weight is its gain minus one. */
    NORMS_AROUND_IDENTITY,
    /** Attention and feed-forward have a norm after them too, before the residual sum. */
    NORMS_AFTER_BLOCKS,
    /** The gate's activation is GELU in its tanh form, not SiLU. */
    GELU,
    /** Embeddings are multiplied by the square root of the width. */
    SCALED_EMBEDDING,
    /** Queries and keys have a norm, per head, before they are rotated. */
    QUERY_KEY_NORMS,
    /** Sliding layers have rotary frequencies of their own. */
    LOCAL_ROTARY
  }

  private final String modelType;
  private final String architecture;

  @SuppressWarnings("ImmutableEnumChecker") // Set.of cannot be changed.
  private final Set<Trait> traits;

  Family(String modelType, String architecture, Trait... traits) {
    this.modelType = modelType;
    this.architecture = architecture;
    this.traits = Set.of(traits);
  }

  /** {@code model_type} of {@code config.json}. */
  public String modelType() {
    return modelType;
  }

  /** Name of transformers' class. */
  public String architecture() {
    return architecture;
  }

  public boolean has(Trait trait) {
    return traits.contains(trait);
  }

  static Optional<Family> ofModelType(String modelType) {
    return Arrays.stream(values()).filter(f -> f.modelType.equals(modelType)).findFirst();
  }
}
