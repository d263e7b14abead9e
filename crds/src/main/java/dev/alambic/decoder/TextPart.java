package dev.alambic.decoder;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The decoder of a folder that has more: Gemma 3 from 4B on reads pictures too ({@code
 * Gemma3ForConditionalGeneration}), and its text is all that is read here. Such a file leaves out
 * what is the default of transformers' {@code Gemma3TextConfig}, the sizes included.
 */
final class TextPart {
  private static final String MULTIMODAL = "gemma3";
  private static final String TEXT = "text_config";

  private TextPart() {}

  /** The fields of the decoder: the file's own, or those of its text. */
  static ConfigFields of(ConfigFields file) {
    if (!file.text("model_type", "").equals(MULTIMODAL)) {
      return file;
    }
    ObjectNode defaults = JsonNodeFactory.instance.objectNode();
    defaults.put("model_type", Family.Gemma3.modelType());
    defaults.put("vocab_size", 262_208);
    defaults.put("hidden_size", 2304);
    defaults.put("intermediate_size", 9216);
    defaults.put("num_hidden_layers", 26);
    defaults.put("num_attention_heads", 8);
    defaults.put("num_key_value_heads", 4);
    if (file.has("tie_word_embeddings")) {
      defaults.set("tie_word_embeddings", file.node("tie_word_embeddings"));
    }
    if (!file.has(TEXT)) {
      throw file.wrong(TEXT, "is missing");
    }
    return file.inside(TEXT).with(defaults);
  }
}
