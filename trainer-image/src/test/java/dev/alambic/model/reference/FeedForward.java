package dev.alambic.model.reference;

/** The gated feed-forward block GeGLU (Shazeer, arXiv 2002.05202). */
final class FeedForward {

  private FeedForward() {}

  /** {@code down(gelu(gate x) * up x)}. */
  static double[] apply(double[] x, double[] gate, double[] up, double[] down) {
    double[] gated = Vectors.linear(gate, x);
    double[] raised = Vectors.linear(up, x);
    double[] product = new double[gated.length];
    for (int i = 0; i < product.length; i++) {
      product[i] = gelu(gated[i]) * raised[i];
    }
    return Vectors.linear(down, product);
  }

  /** The tanh form of GELU (Hendrycks and Gimpel, arXiv 1606.08415): gelu_pytorch_tanh. */
  static double gelu(double x) {
    return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
  }
}
