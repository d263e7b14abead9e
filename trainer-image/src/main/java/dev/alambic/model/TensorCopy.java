package dev.alambic.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.alambic.torch.Program;
import java.nio.ByteBuffer;

/**
 * Makes the engine's arrays of any type and copies stored tensors into them, straight from where
 * they are mapped: the engine reads the bytes under their own type and casts them as it copies, so
 * that no more than a piece of 16 MiB is in memory twice.
 */
public final class TensorCopy implements AutoCloseable {
  private static final int PIECE_BYTES = 1 << 24;

  private final NDManager manager;
  private final Program program;

  /** A copier into arrays on this manager's device. */
  public TensorCopy(NDManager manager) {
    this.manager = manager;
    this.program = Program.load(manager, "weights");
  }

  /** Zeros {@code [length]}, attached to this copier's manager. */
  NDArray vector(long length, DType dtype) {
    try (NDArray device = manager.zeros(new Shape())) {
      return program.call(manager, "vector", device, length, dtype.torchCode());
    }
  }

  /** Zeros {@code [rows, columns]}, attached to this copier's manager. */
  NDArray matrix(long rows, long columns, DType dtype) {
    try (NDArray device = manager.zeros(new Shape())) {
      return program.call(manager, "matrix", device, rows, columns, dtype.torchCode());
    }
  }

  /** Copies a tensor into an array of any type, from element {@code offset} on. */
  public void copy(Tensor source, NDArray target, long offset) {
    int size = source.dtype().bytes();
    long at = offset;
    for (ByteBuffer slice : source.slices()) {
      for (int from = slice.position(); from < slice.limit(); from += PIECE_BYTES) {
        int length = Math.min(PIECE_BYTES, slice.limit() - from);
        put(target, at, slice.slice(from, length), source.dtype());
        at += length / size;
      }
    }
  }

  private void put(NDArray target, long at, ByteBuffer bytes, DType dtype) {
    try (NDManager scope = manager.newSubManager()) {
      ByteBuffer direct = aligned(bytes, dtype.bytes());
      NDArray stored = scope.create(direct, new Shape(direct.remaining()), DataType.INT8);
      program.call(scope, "put", target, at, stored, dtype.torchCode());
    }
  }

  /** What the engine can read in place, or a copy that it can: a heap buffer, or an odd address. */
  private static ByteBuffer aligned(ByteBuffer bytes, int unit) {
    if (bytes.isDirect() && bytes.alignmentOffset(0, unit) == 0) {
      return bytes;
    }
    return ByteBuffer.allocateDirect(bytes.remaining()).put(bytes).flip();
  }

  @Override
  public void close() {
    program.close();
  }
}
