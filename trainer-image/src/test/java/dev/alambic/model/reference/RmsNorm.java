package dev.alambic.model.reference;

/**
 * Root mean square normalisation (Zhang and Sennrich, arXiv 1910.07467), as Gemma stores it: the
 * gain is one plus the weight, so that weights of zero change nothing.
 */
final class RmsNorm {

  private RmsNorm() {}

  /** {@code y_i = x_i / sqrt(mean(x^2) + epsilon) * (1 + w_i)}. */
  static double[] apply(double[] x, double[] weight, double epsilon) {
    double scale = 1 / Math.sqrt(Vectors.dot(x, x) / x.length + epsilon);
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i] * scale * (1 + weight[i]);
    }
    return y;
  }
}
