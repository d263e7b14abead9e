package dev.alambic.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.torch.Program;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Makes the engine's arrays of any type and copies stored tensors into them, piece by piece: the
 * engine reads the bytes under their own type and casts them as it copies, so that no more than a
 * piece of 4 MiB is in memory twice.
 */
public final class TensorCopy implements AutoCloseable {
  private static final int PIECE_BYTES = 1 << 22;

  private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
  private final NDManager manager;
  private final Program program;

  /** A copier into arrays on this manager's device. */
  public TensorCopy(NDManager manager) {
    this.manager = manager;
    this.program = Program.load(manager, "weights");
  }

  /** An array {@code [length]}, not set yet, attached to this copier's manager. */
  NDArray vector(long length, DType dtype) {
    try (NDArray device = manager.zeros(new Shape())) {
      return program.call(manager, "vector", device, length, dtype.torchCode());
    }
  }

  /** An array {@code [rows, columns]}, not set yet, attached to this copier's manager. */
  NDArray matrix(long rows, long columns, DType dtype) {
    try (NDArray device = manager.zeros(new Shape())) {
      return program.call(manager, "matrix", device, rows, columns, dtype.torchCode());
    }
  }

  /**
   * Copies a tensor into an array of any type, from element {@code offset} on.
   *
   * @throws RunException IO if the tensor's file cannot be read
   */
  public void copy(Tensor source, NDArray target, long offset) {
    if (!(source.slices() instanceof StoredBytes stored) || !read(source, stored, target, offset)) {
      copySlices(source, target, offset);
    }
  }

  private boolean read(Tensor source, StoredBytes stored, NDArray target, long offset) {
    int size = source.dtype().bytes();
    for (long done = 0; done < source.byteLength(); done += PIECE_BYTES) {
      piece.clear().limit((int) Math.min(PIECE_BYTES, source.byteLength() - done));
      try {
        if (!stored.read(done, piece)) {
          return false;
        }
      } catch (IOException e) {
        throw new RunException(
            ExitCode.IO, "tensor " + source.name() + ": cannot be read: " + e.getMessage(), e);
      }
      put(target, offset + done / size, piece.flip().slice(), source.dtype());
    }
    return true;
  }

  private void copySlices(Tensor source, NDArray target, long offset) {
    long at = offset;
    for (ByteBuffer slice : source.slices()) {
      for (int from = slice.position(); from < slice.limit(); from += PIECE_BYTES) {
        int length = Math.min(PIECE_BYTES, slice.limit() - from);
        put(target, at, slice.slice(from, length), source.dtype());
        at += length / source.dtype().bytes();
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
