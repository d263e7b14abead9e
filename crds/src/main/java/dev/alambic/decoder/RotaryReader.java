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

  /** The positions of layers that see everything; in most families of all. */
  static Rotary everywhere(ConfigFields fields, Family family) {
    boolean local = family.has(Family.Trait.LOCAL_ROTARY);
    if (fields.has(SCALING) && fields.has(PARAMETERS)) {
      throw fields.wrong(SCALING, "is set beside " + PARAMETERS + "; leave one out");
    }
    double theta = local ? 1_000_000 : 10_000;
    if (fields.has(SCALING)) {
      ConfigFields scaling = fields.inside(SCALING);
      if (!scaling.has("rope_type") && !scaling.has("type")) {
        throw scaling.wrong("rope_type", "is missing");
      }
      return rotary(fields, "rope_theta", theta, scaling);
    }
    return rotary(fields, "rope_theta", theta, parameters(fields, local, FULL));
  }

  /** The positions of layers that slide. */
  static Rotary sliding(ConfigFields fields, Family family) {
    if (!family.has(Family.Trait.LOCAL_ROTARY)) {
      return everywhere(fields, family);
    }
    ConfigFields inner = parameters(fields, true, SLIDING);
    Rotary rotary = rotary(fields, "rope_local_base_freq", 10_000, inner);
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
      ConfigFields outer, String thetaField, double absent, ConfigFields inner) {
    double theta = outer.positive(thetaField, absent);
    if (inner == null) {
      return Rotary.plain(theta);
    }
    double innerTheta = inner.positive("rope_theta", theta);
    if (outer.mentions(thetaField) && innerTheta != theta) {
      throw outer.wrong(
          thetaField, theta + " contradicts " + inner.path("rope_theta") + " (" + innerTheta + ")");
    }
    if (inner.has("partial_rotary_factor") && inner.positive("partial_rotary_factor") != 1) {
      throw inner.wrong("partial_rotary_factor", "is not 1: only whole heads are rotated");
    }
    return new Rotary(innerTheta, scaling(inner));
  }

  private static Scaling scaling(ConfigFields inner) {
    String type = inner.text("rope_type", inner.text("type", "default"));
    if (!type.equals(inner.text("type", type))) {
      throw inner.wrong("type", "contradicts rope_type");
    }
    return switch (type) {
      case "default" -> null;
      case "linear" -> Scaling.linear(inner.positive("factor"));
      case "llama3" -> llama3(inner);
      default -> {
        String field = inner.has("rope_type") ? "rope_type" : "type";
        throw inner.wrong(
            field,
            "is " + ConfigFields.quote(inner.node(field)) + "; supported: default, linear, llama3");
      }
    };
  }

  private static Scaling llama3(ConfigFields inner) {
    double low = inner.positive("low_freq_factor");
    double high = inner.positive("high_freq_factor");
    if (high <= low) {
      throw inner.wrong("high_freq_factor", high + " must be above low_freq_factor (" + low + ")");
    }
    return new Scaling(
        Rotary.Kind.Llama3,
        inner.positive("factor"),
        low,
        high,
        inner.count("original_max_position_embeddings", Integer.MAX_VALUE));
  }
}
