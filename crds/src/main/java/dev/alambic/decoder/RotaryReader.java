package dev.alambic.decoder;

import dev.alambic.decoder.Rotary.Scaling;

/**
 * Rotary positions as transformers 4 writes them ({@code rope_theta}, {@code rope_scaling}, and in
 * Gemma 3 {@code rope_local_base_freq}) and as 5 does ({@code rope_parameters}, in Gemma 3 one
 * object per layer type).
 */
final class RotaryReader {

  private static final String PARAMETERS = "rope_parameters";
  private static final String SCALING = "rope_scaling";
  private static final String FULL = "full_attention";
  private static final String SLIDING = "sliding_attention";

  private RotaryReader() {}

  /**
   * The positions of layers that see everything; in most families of all.
   *
   * @param context the model's, in tokens
   */
  static Rotary everywhere(ConfigFields fields, Family family, int context) {
    boolean local = family.has(Family.Trait.LOCAL_ROTARY);
    if (fields.has(SCALING) && fields.has(PARAMETERS)) {
      throw fields.wrong(SCALING, "is set beside " + PARAMETERS + "; leave one out");
    }
    double theta = local ? 1_000_000 : 10_000;
    if (fields.has(SCALING) && !fields.node(SCALING).isEmpty()) {
      ConfigFields scaling = fields.inside(SCALING);
      if (!scaling.has("rope_type") && !scaling.has("type")) {
        throw scaling.wrong("rope_type", "is missing");
      }
      return rotary(fields, "rope_theta", theta, scaling, context);
    }
    return rotary(fields, "rope_theta", theta, parameters(fields, local, FULL), context);
  }

  /** The positions of layers that slide. */
  static Rotary sliding(ConfigFields fields, Family family, int context) {
    if (!family.has(Family.Trait.LOCAL_ROTARY)) {
      return everywhere(fields, family, context);
    }
    ConfigFields inner = parameters(fields, true, SLIDING);
    Rotary rotary = rotary(fields, "rope_local_base_freq", 10_000, inner, context);
    if (rotary.scaling() != null) {
      throw inner.wrong("rope_type", "sliding layers are not scaled: only default is supported");
    }
    return rotary;
  }

  /** The object with a layer type's parameters, or null. */
  private static ConfigFields parameters(ConfigFields fields, boolean nested, String layerType) {
    if (!fields.has(PARAMETERS)) {
      return null;
    }
    ConfigFields all = fields.inside(PARAMETERS);
    if (!nested) {
      all.unset(FULL, "all layers share one set of parameters");
      all.unset(SLIDING, "all layers share one set of parameters");
      return all;
    }
    all.unset("rope_type", "each layer type has its own, " + FULL + " and " + SLIDING);
    all.unset("rope_theta", "each layer type has its own, " + FULL + " and " + SLIDING);
    return all.has(layerType) ? all.inside(layerType) : null;
  }

  private static Rotary rotary(
      ConfigFields outer, String thetaField, double absent, ConfigFields inner, int context) {
    double theta = outer.positive(thetaField, absent);
    if (inner == null) {
      return Rotary.plain(theta);
    }
    double innerTheta = inner.positive("rope_theta", theta);
    if (outer.mentions(thetaField) && innerTheta != theta) {
      throw outer.wrong(
          thetaField, theta + " contradicts " + inner.path("rope_theta") + " (" + innerTheta + ")");
    }
    Scaling scaling = scaling(outer, inner, context);
    if (scaling != null) {
      requireWholeHeads(outer);
      requireWholeHeads(inner);
    }
    return new Rotary(innerTheta, scaling);
  }

  /**
   * Without scaling these families' rotary embedding in transformers 5 turns whole heads, whatever
   * this field says; with scaling it fails.
   */
  private static void requireWholeHeads(ConfigFields fields) {
    String field = "partial_rotary_factor";
    if (fields.has(field) && fields.positive(field) != 1) {
      throw fields.wrong(field, "is not 1: only whole heads are rotated");
    }
  }

  private static Scaling scaling(ConfigFields outer, ConfigFields inner, int context) {
    String type = inner.text("rope_type", inner.text("type", "default"));
    if (!type.equals(inner.text("type", type))) {
      throw inner.wrong("type", "contradicts rope_type");
    }
    return switch (type) {
      case "default" -> null;
      case "linear" -> Scaling.linear(inner.positive("factor"));
      case "llama3" -> llama3(outer, inner, context);
      case "yarn" -> yarn(outer, inner, context);
      case "dynamic" -> Scaling.dynamic(inner.positive("factor"));
      default -> {
        String field = inner.has("rope_type") ? "rope_type" : "type";
        throw inner.wrong(
            field,
            "is "
                + ConfigFields.quote(inner.node(field))
                + "; supported: default, linear, dynamic, yarn, llama3");
      }
    };
  }

  private static Scaling llama3(ConfigFields outer, ConfigFields inner, int context) {
    double low = inner.positive("low_freq_factor");
    double high = inner.positive("high_freq_factor");
    if (high <= low) {
      throw inner.wrong("high_freq_factor", high + " must be above low_freq_factor (" + low + ")");
    }
    return Scaling.llama3(inner.positive("factor"), low, high, original(outer, inner, context));
  }

  private static Scaling yarn(ConfigFields outer, ConfigFields inner, int context) {
    int original = original(outer, inner, context);
    double factor = inner.has("factor") ? inner.positive("factor") : (double) context / original;
    return new Scaling(
        Rotary.Kind.Yarn,
        factor,
        inner.has("beta_slow") ? inner.positive("beta_slow") : 1,
        inner.has("beta_fast") ? inner.positive("beta_fast") : 32,
        original,
        attentionFactor(inner, factor),
        inner.flag("truncate", true));
  }

  private static double attentionFactor(ConfigFields inner, double factor) {
    if (inner.has("attention_factor")) {
      return inner.positive("attention_factor");
    }
    return isSet(inner, "mscale") && isSet(inner, "mscale_all_dim")
        ? magnitude(factor, inner.positive("mscale"))
            / magnitude(factor, inner.positive("mscale_all_dim"))
        : magnitude(factor, 1);
  }

  /** 0 is as good as nothing, as in Python. */
  private static boolean isSet(ConfigFields inner, String field) {
    return inner.has(field)
        && !(inner.node(field).isNumber() && inner.node(field).doubleValue() == 0);
  }

  /** What YaRN multiplies attention by (arXiv 2309.00071, section 3.4). */
  private static double magnitude(double factor, double scale) {
    return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
  }

  /** The model's own field comes first, as in transformers, and its context stands for none. */
  private static int original(ConfigFields outer, ConfigFields inner, int context) {
    String field = "original_max_position_embeddings";
    if (outer.has(field)) {
      return outer.count(field, Integer.MAX_VALUE);
    }
    return inner.has(field) ? inner.count(field, Integer.MAX_VALUE) : context;
  }
}
