package dev.alambic.model.reference;

import java.util.function.Function;

/** The few operations on vectors that the reference needs. */
final class Vectors {

  private Vectors() {}

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  static double[] add(double[] a, double[] b) {
    double[] sum = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }

  static double[] scale(double factor, double[] a) {
    double[] scaled = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      scaled[i] = factor * a[i];
    }
    return scaled;
  }

  /** {@code y = W x} with W row-major {@code [out, in]}, as PyTorch's Linear keeps it. */
  static double[] linear(double[] weight, double[] x) {
    int out = weight.length / x.length;
    double[] y = new double[out];
    for (int row = 0; row < out; row++) {
      for (int column = 0; column < x.length; column++) {
        y[row] += weight[row * x.length + column] * x[column];
      }
    }
    return y;
  }

  /** {@code y = W x + b} with the weight and, if there is one, the bias of a projection. */
  static double[] linear(String name, Function<String, double[]> weights, double[] x) {
    double[] y = linear(weights.apply(name + ".weight"), x);
    double[] bias = weights.apply(name + ".bias");
    return bias == null ? y : add(y, bias);
  }

  /** {@code log sum exp}, shifted by the largest so that nothing overflows. */
  static double logSumExp(double[] x) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double value : x) {
      largest = Math.max(largest, value);
    }
    if (largest == Double.NEGATIVE_INFINITY) {
      return largest;
    }
    double sum = 0;
    for (double value : x) {
      sum += Math.exp(value - largest);
    }
    return largest + Math.log(sum);
  }

  static double[] logSoftmax(double[] x) {
    double normaliser = logSumExp(x);
    double[] logProbabilities = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      logProbabilities[i] = x[i] - normaliser;
    }
    return logProbabilities;
  }

  static double[] exp(double[] x) {
    double[] result = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      result[i] = Math.exp(x[i]);
    }
    return result;
  }
}
