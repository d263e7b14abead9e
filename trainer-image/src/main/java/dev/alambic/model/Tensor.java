package dev.alambic.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * A named tensor outside the engine: row-major, little-endian bytes in one or more slices.
 *
 * <p>A slice holds whole elements, from its position to its limit, in little-endian order. A tensor
 * up to 1 GiB read from a file is one slice, mapped and read-only: pages are read when touched, and
 * native code must not write to them. A source of slices that makes them on demand lets a model be
 * written with one tensor in memory at a time.
 *
 * @param name as in the file
 * @param dtype of the elements
 * @param shape row-major
 * @param slices in order; a fresh iteration gives fresh positions
 */
public record Tensor(String name, DType dtype, TensorShape shape, Iterable<ByteBuffer> slices) {

  /** A tensor over one buffer's remaining bytes. */
  public static Tensor of(String name, DType dtype, TensorShape shape, ByteBuffer bytes) {
    return ofSlices(name, dtype, shape, List.of(bytes));
  }

  static Tensor ofSlices(String name, DType dtype, TensorShape shape, List<ByteBuffer> slices) {
    return new Tensor(
        name,
        dtype,
        shape,
        () -> slices.stream().map(s -> s.duplicate().order(ByteOrder.LITTLE_ENDIAN)).iterator());
  }

  /** A tensor of these values, rounded to the type. */
  public static Tensor ofFloats(String name, DType dtype, TensorShape shape, float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, dtype.bytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      dtype.put(bytes, value);
    }
    return of(name, dtype, shape, bytes.flip());
  }

  /** Elements {@code [from, to)} as a vector. */
  public Tensor part(long from, long to) {
    Iterable<ByteBuffer> bytes = slices;
    long start = from * dtype.bytes();
    long end = to * dtype.bytes();
    Iterable<ByteBuffer> part =
        bytes instanceof StoredBytes stored
            ? stored.part(start, end)
            : () -> Slices.part(bytes, start, end).iterator();
    return new Tensor(name, dtype, TensorShape.of(to - from), part);
  }

  /** Size of the data in bytes. */
  public long byteLength() {
    return Math.multiplyExact(shape.elements(), dtype.bytes());
  }

  /**
   * Copies all elements, as floats, to where the target stands.
   *
   * @throws java.nio.BufferOverflowException if the target has no room for all of them
   */
  public void copyTo(FloatBuffer target) {
    for (ByteBuffer slice : slices) {
      if (dtype == DType.F32) {
        target.put(slice.asFloatBuffer());
      } else {
        while (slice.hasRemaining()) {
          target.put(dtype.get(slice));
        }
      }
    }
  }

  /**
   * All elements as floats.
   *
   * @throws ArithmeticException if there are more than an array holds
   */
  public float[] toFloats() {
    float[] values = new float[Math.toIntExact(shape.elements())];
    copyTo(FloatBuffer.wrap(values));
    return values;
  }
}
