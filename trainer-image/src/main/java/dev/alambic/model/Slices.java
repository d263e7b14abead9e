package dev.alambic.model;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Bytes that lie in several buffers, one after another. */
final class Slices {
  private Slices() {}

  /** Bytes {@code [from, to)} of them. */
  static List<ByteBuffer> part(Iterable<ByteBuffer> slices, long from, long to) {
    List<ByteBuffer> part = new ArrayList<>();
    long at = 0;
    for (ByteBuffer slice : slices) {
      long start = Math.max(from, at);
      long end = Math.min(to, at + slice.remaining());
      if (start < end) {
        int first = slice.position() + (int) (start - at);
        part.add(slice.slice(first, (int) (end - start)).order(slice.order()));
      }
      at += slice.remaining();
    }
    return part;
  }
}
