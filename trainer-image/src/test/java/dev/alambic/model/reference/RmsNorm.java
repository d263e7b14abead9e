package dev.alambic.model.reference;

import dev.alambic.decoder.Family;
import java.util.Arrays;

/** Root mean square normalisation (Zhang and Sennrich, arXiv 1910.07467). */
final class RmsNorm {

  private RmsNorm() {}

  /** {@code y_i = x_i / sqrt(mean(x^2) + epsilon) * gain_i}. */
  static double[] apply(double[] x, double[] gain, double epsilon) {
    double scale = 1 / Math.sqrt(Vectors.dot(x, x) / x.length + epsilon);
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i] * scale * gain[i];
    }
    return y;
  }

  /** A stored weight's gain: Gemma stores one less, so that weights of zero change nothing. */
  static double[] gain(double[] weight, Family family) {
    boolean gemma = family == Family.Gemma2 || family == Family.Gemma3;
    return Arrays.stream(weight).map(w -> gemma ? 1 + w : w).toArray();
  }
}
