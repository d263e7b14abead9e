package dev.alambic.bench.speed;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.bench.process.Stopwatch;
import dev.alambic.bench.process.Stopwatch.Pace;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.model.Decoder;
import dev.alambic.torch.Program;
import dev.alambic.torch.Torch;
import java.util.List;

/** A bare matrix product of the engine, of the sizes that a model has. */
final class MatmulSpeed {
  /** As {@link Decoder} names it to its programs. */
  private static final long BFLOAT16 = 15;

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
        new Product(size.tokens(), hidden, 2 * shape.feedForward().size()),
        new Product(size.tokens(), shape.feedForward().size(), hidden),
        new Product(size.tokens() / 4, hidden, shape.vocabulary().size()),
        new Product(512, 512, 512));
  }

  /** GFLOP/s of the best of them. */
  static double best(ModelSize size, Precision precision, Pace pace) {
    double best = 0;
    try (NDManager manager = Torch.newManager();
        Program program = Program.load(manager, "decoder")) {
      for (Product product : products(size)) {
        try (NDManager scope = manager.newSubManager()) {
          NDArray left = matrix(scope, product.rows(), product.inner());
          NDArray right = matrix(scope, product.inner(), product.columns());
          if (precision != Precision.FP32) {
            left = bfloat16(scope, program, left);
            right = bfloat16(scope, program, right);
          }
          best = Math.max(best, product.flops() / 1e9 / seconds(left, right, pace));
        }
      }
    }
    return best;
  }

  private static double seconds(NDArray left, NDArray right, Pace pace) {
    return Stopwatch.median(pace, () -> left.matMul(right).close());
  }

  private static NDArray matrix(NDManager scope, int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 17 / 17f - 0.5f;
    }
    return scope.create(values, new Shape(rows, columns));
  }

  /**
   * The same, scaled: DJL's own cast to bfloat16 aborts the process, so the model's embedding looks
   * every row up.
   */
  private static NDArray bfloat16(NDManager scope, Program program, NDArray matrix) {
    NDArray rows = scope.arange(0, (int) matrix.getShape().get(0), 1, DataType.INT64);
    return program.call(scope, "embed", rows, matrix, BFLOAT16);
  }
}
