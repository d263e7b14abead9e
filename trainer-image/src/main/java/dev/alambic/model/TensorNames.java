package dev.alambic.model;

import dev.alambic.decoder.DecoderConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tensors of a decoder under Hugging Face's names. */
public final class TensorNames {

  /** Token embedding, and output head too where that is tied, {@code [vocabulary, hidden]}. */
  public static final String EMBEDDING = "model.embed_tokens.weight";

  /** Norm before the head, {@code [hidden]}. */
  public static final String FINAL_NORM = "model.norm.weight";

  /** An output head of its own, {@code [vocabulary, hidden]}. */
  public static final String HEAD = "lm_head.weight";

  /** Rotary frequencies, which old folders hold and which the configuration gives anyway. */
  private static final String FREQUENCIES = ".rotary_emb.inv_freq";

  private static final String MODEL = "model.";

  /** Before the text's tensors: of transformers up to 4.51, and since. */
  private static final List<String> TEXT_PREFIXES =
      List.of("language_model.model.", "language_model.", "model.language_model.");

  private static final List<String> PICTURE_PARTS =
      List.of("vision_tower.", "multi_modal_projector.");

  private TensorNames() {}

  /**
   * The name of a layer's tensor.
   *
   * @param suffix as {@link LayerLayout} lists them, {@code self_attn.q_proj.weight}
   */
  public static String layer(int layer, String suffix) {
    return "model.layers." + layer + "." + suffix;
  }

  /** Every tensor of the model, in the order of the computation. */
  public static Map<String, TensorShape> expected(DecoderConfig config) {
    Map<String, TensorShape> shapes = new LinkedHashMap<>();
    shapes.put(EMBEDDING, TensorShape.of(config.vocabulary().size(), config.hiddenSize()));
    List<LayerLayout.Slice> slices = new LayerLayout(config).slices();
    for (int layer = 0; layer < config.layers(); layer++) {
      for (LayerLayout.Slice slice : slices) {
        shapes.put(layer(layer, slice.suffix()), slice.shape());
      }
    }
    shapes.put(FINAL_NORM, TensorShape.of(config.hiddenSize()));
    if (!config.vocabulary().tied()) {
      shapes.put(HEAD, TensorShape.of(config.vocabulary().size(), config.hiddenSize()));
    }
    return Collections.unmodifiableMap(shapes);
  }

  /**
   * Tensors under the names that they have in a folder of the decoder alone. A folder that reads
   * pictures has prefixes before its text's tensors, and those of the pictures, which are left out;
   * a base model has no {@code model.}; and a tied head's one tensor may be stored under either
   * name.
   */
  static Map<String, Tensor> usual(DecoderConfig config, Map<String, Tensor> tensors) {
    Map<String, Tensor> usual = new LinkedHashMap<>();
    boolean pictures = tensors.keySet().stream().anyMatch(TensorNames::isOfText);
    boolean bare = tensors.containsKey(EMBEDDING.substring(MODEL.length()));
    tensors.forEach(
        (name, tensor) -> {
          if (pictures && isOfPictures(name)) {
            return;
          }
          String renamed = pictures ? ofText(name) : name;
          put(usual, bare && !name.equals(HEAD) ? MODEL + renamed : renamed, tensor);
        });
    if (config.vocabulary().tied() && !usual.containsKey(EMBEDDING) && usual.containsKey(HEAD)) {
      put(usual, EMBEDDING, usual.remove(HEAD));
    }
    return usual;
  }

  private static void put(Map<String, Tensor> tensors, String name, Tensor tensor) {
    tensors.put(name, new Tensor(name, tensor.dtype(), tensor.shape(), tensor.slices()));
  }

  private static boolean isOfText(String name) {
    return TEXT_PREFIXES.stream().anyMatch(name::startsWith);
  }

  private static boolean isOfPictures(String name) {
    return PICTURE_PARTS.stream()
        .anyMatch(part -> name.startsWith(part) || name.startsWith(MODEL + part));
  }

  private static String ofText(String name) {
    for (String prefix : TEXT_PREFIXES) {
      if (name.startsWith(prefix)) {
        String rest = name.substring(prefix.length());
        return rest.equals(HEAD) ? HEAD : MODEL + rest;
      }
    }
    return name;
  }

  /** What is missing, surplus or misshapen, one line each; empty if the tensors fit the shape. */
  static List<String> mismatches(DecoderConfig config, Map<String, Tensor> tensors) {
    Map<String, TensorShape> expected = expected(config);
    List<String> mismatches = new ArrayList<>();
    expected.forEach(
        (name, shape) -> {
          Tensor tensor = tensors.get(name);
          if (tensor == null) {
            mismatches.add("tensor " + name + ": is missing; expected " + shape);
          } else if (!tensor.shape().equals(shape)) {
            mismatches.add(
                "tensor " + name + ": has shape " + tensor.shape() + "; expected " + shape);
          }
        });
    tensors.forEach(
        (name, tensor) -> {
          if (!expected.containsKey(name) && !isSpare(config, name, tensor)) {
            mismatches.add("tensor " + name + ": is not part of such a model");
          }
        });
    return mismatches;
  }

  /**
   * Whether a tensor is there without being asked for: frequencies, and of a tied head the second
   * copy that some savers leave, in whose place transformers too uses the embedding.
   */
  private static boolean isSpare(DecoderConfig config, String name, Tensor tensor) {
    TensorShape embedding = TensorShape.of(config.vocabulary().size(), config.hiddenSize());
    return name.endsWith(FREQUENCIES)
        || (name.equals(HEAD) && config.vocabulary().tied() && tensor.shape().equals(embedding));
  }
}
