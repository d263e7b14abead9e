package dev.alambic.decoder;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Which layers slide, from the fields that each family has for it. */
final class SlidingReader {

  /** A window in tokens and the layers that it holds for; 0 and none if nothing slides. */
  record Sliding(int window, List<Integer> layers) {}

  private static final String FULL = "full_attention";
  private static final String SLIDING = "sliding_attention";
  private static final int WINDOW = 4096;

  private final ConfigFields fields;
  private final int layers;

  private SlidingReader(ConfigFields fields, int layers) {
    this.fields = fields;
    this.layers = layers;
  }

  static Sliding read(ConfigFields fields, Family family, int layers) {
    SlidingReader reader = new SlidingReader(fields, layers);
    return switch (family) {
      case Gemma2 -> reader.pattern(layer -> layer % 2 == 0);
      case Gemma3 -> reader.gemma3();
      case Llama -> reader.all(false, "llama has none");
      case Mistral -> reader.mistral();
      case Qwen2, Qwen3 -> reader.qwen();
    };
  }

  private Sliding gemma3() {
    String field =
        fields.has("_sliding_window_pattern")
            ? "_sliding_window_pattern"
            : "sliding_window_pattern";
    int pattern = fields.countOrNull(field, 6, Integer.MAX_VALUE);
    return pattern(layer -> (layer + 1) % pattern != 0);
  }

  private Sliding mistral() {
    boolean slides = fields.has("sliding_window") || !fields.mentions("sliding_window");
    return all(slides, "mistral slides in every layer or, with sliding_window null, in none");
  }

  private Sliding qwen() {
    boolean window = fields.has("sliding_window") || !fields.mentions("sliding_window");
    if (!fields.flag("use_sliding_window", false) || !window) {
      return all(false, "use_sliding_window is false or sliding_window null");
    }
    int first =
        fields.mentions("max_window_layers")
            ? fields.wholeNumber(
                "max_window_layers", fields.node("max_window_layers"), 0, Integer.MAX_VALUE)
            : 28;
    return pattern(layer -> layer >= first);
  }

  /** The layers of {@code layer_types}, or those of the family's own pattern. */
  private Sliding pattern(IntPredicate otherwise) {
    IntPredicate slides =
        fields.has("layer_types") ? layer -> type(layer).equals(SLIDING) : otherwise;
    checkTypes();
    return sliding(slides);
  }

  /** All layers or none; {@code layer_types} may say the same, and nothing else. */
  private Sliding all(boolean slide, String why) {
    checkTypes();
    for (int layer = 0; fields.has("layer_types") && layer < layers; layer++) {
      if (type(layer).equals(SLIDING) != slide) {
        throw fields.wrong("layer_types[" + layer + "]", "is " + type(layer) + "; " + why);
      }
    }
    return sliding(layer -> slide);
  }

  private Sliding sliding(IntPredicate slides) {
    List<Integer> sliding = IntStream.range(0, layers).filter(slides).boxed().toList();
    int window = sliding.isEmpty() ? 0 : fields.count("sliding_window", WINDOW, Integer.MAX_VALUE);
    return new Sliding(window, sliding);
  }

  private String type(int layer) {
    return fields.node("layer_types").get(layer).textValue();
  }

  private void checkTypes() {
    if (!fields.has("layer_types")) {
      return;
    }
    JsonNode types = fields.node("layer_types");
    if (!types.isArray() || types.size() != layers) {
      throw fields.wrong("layer_types", "must list " + layers + " layers");
    }
    for (int layer = 0; layer < layers; layer++) {
      String type = types.get(layer).textValue();
      if (!FULL.equals(type) && !SLIDING.equals(type)) {
        throw fields.wrong(
            "layer_types[" + layer + "]",
            "is " + ConfigFields.quote(types.get(layer)) + "; supported: " + FULL + ", " + SLIDING);
      }
    }
  }
}
