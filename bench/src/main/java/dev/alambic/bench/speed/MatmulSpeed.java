package dev.alambic.bench.speed;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.torch.Torch;
import java.util.List;

/** A bare matrix product of the engine, of the sizes that a model has. */
final class MatmulSpeed {
  private MatmulSpeed() {}

  /** {@code [rows, inner] x [inner, columns]}. */
  record Product(int rows, int inner, int columns) {
    double flops() {
      return 2.0 * rows * inner * columns;
    }
  }

  /** The largest products of a step, and a square one that suits a cache. */
  static List<Product> products(ModelSize size) {
    DecoderConfig shape = size.shape();
    int hidden = shape.hiddenSize();
    return List.of(
        new Product(size.tokens(), hidden, 2 * shape.feedForwardSize()),
        new Product(size.tokens(), shape.feedForwardSize(), hidden),
        new Product(size.tokens() / 4, hidden, shape.vocabularySize()),
        new Product(512, 512, 512));
  }

  /** GFLOP/s of the best of them. */
  static double best(ModelSize size, Precision precision, Pace pace) {
    try (NDManager manager = Torch.newManager()) {
      return products(size).stream()
          .mapToDouble(
              product -> product.flops() / 1e9 / seconds(manager, product, precision, pace))
          .max()
          .orElseThrow();
    }
  }

  private static double seconds(
      NDManager manager, Product product, Precision precision, Pace pace) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray left = operand(scope, product.rows(), product.inner(), precision);
      NDArray right = operand(scope, product.inner(), product.columns(), precision);
      return Stopwatch.median(pace, () -> left.matMul(right).close());
    }
  }

  private static NDArray operand(NDManager scope, int rows, int columns, Precision precision) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 17 / 17f - 0.5f;
    }
    NDArray array = scope.create(values, new Shape(rows, columns));
    return precision == Precision.BF16 ? array.toType(DataType.BFLOAT16, true) : array;
  }
}
