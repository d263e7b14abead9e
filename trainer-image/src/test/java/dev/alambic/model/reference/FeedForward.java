package dev.alambic.model.reference;

import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/** The gated feed-forward blocks GeGLU and SwiGLU (Shazeer, arXiv 2002.05202). */
final class FeedForward {

  private FeedForward() {}

  /**
   * {@code down(activation(gate x) * up x)}.
   *
   * @param weights {@code gate_proj.weight} and so on; a bias may be missing
   */
  static double[] apply(
      double[] x, Function<String, double[]> weights, DoubleUnaryOperator activation) {
    double[] gated = Vectors.linear("gate_proj", weights, x);
    double[] raised = Vectors.linear("up_proj", weights, x);
    double[] product = new double[gated.length];
    for (int i = 0; i < product.length; i++) {
      product[i] = activation.applyAsDouble(gated[i]) * raised[i];
    }
    return Vectors.linear("down_proj", weights, product);
  }

  /** SiLU, {@code x sigmoid(x)}. */
  static double silu(double x) {
    return x / (1 + Math.exp(-x));
  }

  /** The tanh form of GELU (Hendrycks and Gimpel, arXiv 1606.08415): gelu_pytorch_tanh. */
  static double gelu(double x) {
    return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
  }
}
