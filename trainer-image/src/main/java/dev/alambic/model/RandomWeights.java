package dev.alambic.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.decoder.Family.Trait;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.LongStream;

/**
 * Draws the arrays of {@link DecoderParameters#random} in their order. They are the engine's own:
 * an array that DJL makes of a buffer keeps the buffer's memory for as long as it lives, also when
 * its tensor has been given other memory.
 */
final class RandomWeights implements AutoCloseable {
  /** Elements that are drawn at once: 1 MiB. */
  private static final int PIECE = 1 << 18;

  private final DecoderConfig config;
  private final LayerLayout layout;
  private final float identity;
  private final SplittableRandom seeds;
  private final TensorCopy into;

  RandomWeights(NDManager manager, DecoderConfig config, long seed) {
    this.config = config;
    this.layout = new LayerLayout(config);
    this.identity = config.family().has(Trait.NORMS_AROUND_IDENTITY) ? 0 : 1;
    this.seeds = new SplittableRandom(seed);
    this.into = new TensorCopy(manager);
  }

  /** The next embedding or head {@code [vocabulary, hidden]}. */
  NDArray matrix() {
    TensorShape shape = TensorShape.of(config.vocabulary().size(), config.hiddenSize());
    NDArray matrix = into.matrix(config.vocabulary().size(), config.hiddenSize(), DType.F32);
    into.copy(tensor(shape, normal(shape, seeds.split())), matrix, 0);
    return matrix;
  }

  /** The next layer, as {@link LayerLayout} defines it. */
  NDArray layer() {
    SplittableRandom random = seeds.split();
    NDArray flat = into.vector(layout.length(), DType.F32);
    for (LayerLayout.Slice slice : layout.slices()) {
      float constant = slice.isNorm() ? identity : 0;
      DoubleSupplier values = slice.isMatrix() ? normal(slice.shape(), random) : () -> constant;
      into.copy(tensor(slice.shape(), values), flat, slice.offset());
    }
    return flat;
  }

  /** The final norm {@code [hidden]}. */
  NDArray norm() {
    NDArray norm = into.vector(config.hiddenSize(), DType.F32);
    into.copy(tensor(TensorShape.of(config.hiddenSize()), () -> identity), norm, 0);
    return norm;
  }

  /** Of a matrix {@code [out, in]}, with variance {@code 1 / in}. */
  private static DoubleSupplier normal(TensorShape shape, SplittableRandom random) {
    double deviation = 1 / Math.sqrt((double) shape.dimensions().get(1));
    return () -> deviation * random.nextGaussian();
  }

  private static Tensor tensor(TensorShape shape, DoubleSupplier values) {
    return new Tensor("random", DType.F32, shape, () -> pieces(shape.elements(), values));
  }

  /** In one buffer: each piece is gone when the next is asked for. */
  private static Iterator<ByteBuffer> pieces(long elements, DoubleSupplier values) {
    ByteBuffer piece =
        ByteBuffer.allocateDirect((int) Math.min(PIECE, elements) * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    return LongStream.iterate(0, from -> from < elements, from -> from + PIECE)
        .mapToObj(from -> fill(piece.clear(), Math.min(PIECE, elements - from), values))
        .iterator();
  }

  private static ByteBuffer fill(ByteBuffer piece, long elements, DoubleSupplier values) {
    for (long i = 0; i < elements; i++) {
      piece.putFloat((float) values.getAsDouble());
    }
    return piece.flip();
  }

  @Override
  public void close() {
    into.close();
  }
}
