package dev.alambic.model.reference;

import dev.alambic.decoder.DecoderConfig;
import dev.alambic.decoder.Family;
import dev.alambic.decoder.HuggingFaceConfig;
import dev.alambic.model.TensorNames;
import dev.alambic.model.TensorShape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Small models with random weights, the same for the same seed. */
public final class TestModels {

  /**
   * Every size differs from every other, so that a mix-up shows; the caps are low, the rotary base
   * small and the norm's epsilon large enough that leaving any of them out shows too.
   */
  public static final DecoderConfig TINY =
      DecoderConfig.gemma2(61, 24, 3, 4, 2, 8, 40, 5, 32, 100, 1e-3, 4, 6, 7);

  private TestModels() {}

  /**
   * A small shape of a family, with as much as the family can have: biases, its own head, scaled
   * positions, layers that slide and others that do not.
   */
  public static DecoderConfig family(Family family) {
    return family(family, 5, 3);
  }

  /** The same with another window, which begins at layer 0 but in Qwen at 1, and depth. */
  public static DecoderConfig family(Family family, int window, int layers) {
    String fields =
        switch (family) {
          case Gemma2 ->
              "'query_pre_attn_scalar': 7, 'attn_logit_softcapping': 4, 'final_logit_softcapping': 6,"
                  + " 'attention_bias': true, ";
          case Gemma3 ->
              "'query_pre_attn_scalar': 7, 'sliding_window_pattern': 2, 'rope_local_base_freq': 30,"
                  + " 'tie_word_embeddings': false, 'rope_scaling': {'rope_type': 'linear', 'factor': 3}, ";
          case Llama ->
              "'attention_bias': true, 'mlp_bias': true, 'rope_scaling': {'rope_type': 'llama3',"
                  + " 'factor': 3, 'low_freq_factor': 1, 'high_freq_factor': 4,"
                  + " 'original_max_position_embeddings': 16}, ";
          case Mistral -> "'tie_word_embeddings': true, ";
          case Qwen2 -> "'use_sliding_window': true, 'max_window_layers': 1, ";
          case Qwen3 ->
              "'use_sliding_window': true, 'max_window_layers': 1, 'attention_bias': true, ";
        };
    String sliding = family == Family.Llama ? "" : "'sliding_window': " + window + ", ";
    String json =
        "{'model_type': '%s', 'vocab_size': 61, 'hidden_size': 24, 'num_hidden_layers': %d,"
            + " 'num_attention_heads': 4, 'num_key_value_heads': 2, 'head_dim': 8,"
            + " 'intermediate_size': 40, 'max_position_embeddings': 1024, 'rope_theta': 100, %s%s"
            + "'rms_norm_eps': 1e-3}";
    String text = json.formatted(family.modelType(), layers, sliding, fields).replace('\'', '"');
    return HuggingFaceConfig.parse(family + ".json", text).decoder();
  }

  public static TestModel tiny(long seed) {
    return random(TINY, seed);
  }

  /** A model of any shape; keep it small, the reference is slow. */
  public static TestModel random(DecoderConfig config, long seed) {
    Random random = new Random(seed);
    Map<String, double[]> weights = new LinkedHashMap<>();
    boolean gains = !config.family().has(Family.Trait.NORMS_AROUND_IDENTITY);
    TensorNames.expected(config)
        .forEach(
            (name, shape) -> {
              boolean gain = gains && name.endsWith("norm.weight");
              weights.put(name, values(name, shape, gain, random));
            });
    return new TestModel(config, weights);
  }

  /** Token ids, the same for the same seed. */
  public static int[] tokens(DecoderConfig config, int length, long seed) {
    return new Random(seed).ints(length, 0, config.vocabulary().size()).toArray();
  }

  private static double[] values(String name, TensorShape shape, boolean gain, Random random) {
    double[] values = new double[Math.toIntExact(shape.elements())];
    double deviation = deviation(name, shape);
    double centre = gain ? 1 : 0;
    Arrays.setAll(values, i -> (float) (centre + deviation * random.nextGaussian()));
    return values;
  }

  /**
   * Norm weights around zero, gains around one and biases. Elsewhere a little over one over the
   * square root of the inputs, so that scores and logits reach into the bend of their caps.
   */
  private static double deviation(String name, TensorShape shape) {
    if (shape.dimensions().size() == 1) {
      return 0.3;
    }
    long inputs = shape.dimensions().get(1);
    return (name.equals(TensorNames.EMBEDDING) ? 1.0 : 1.4) / Math.sqrt((double) inputs);
  }
}
