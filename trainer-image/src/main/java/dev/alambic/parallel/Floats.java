package dev.alambic.parallel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The memory of a float32 array on the CPU: what is written there is in the array. */
final class Floats {
  private final NDArray array;
  private final long length;

  Floats(NDArray array) {
    if (array.getDevice().isGpu()) {
      throw new IllegalStateException("an array on a GPU: its collectives are NCCL's");
    }
    this.array = array;
    this.length = array.size();
  }

  long length() {
    return length;
  }

  /** Elements {@code [from, to)}, at most 2^29 of them. */
  ByteBuffer part(long from, long to) {
    if (from >= to) {
      return ByteBuffer.allocate(0);
    }
    try (NDManager scope = array.getManager().newSubManager()) {
      NDArray flat = array.reshape(-1);
      flat.attach(scope);
      NDArray part = flat.get(new NDIndex("{}:{}", from, to));
      part.attach(scope);
      return part.toByteBuffer(true).order(ByteOrder.nativeOrder());
    }
  }
}
