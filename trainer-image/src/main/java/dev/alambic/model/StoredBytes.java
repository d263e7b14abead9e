package dev.alambic.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.util.Iterator;
import java.util.List;

/**
 * A tensor's bytes in a file: memory-mapped, or read in chunks for a single pass. Java cannot give
 * mapped pages back, so that a model that is copied from them is in memory twice, if only until the
 * system needs the room.
 *
 * @param file stays open as long as this is referred to
 * @param position of the first byte
 * @param mapped the same bytes in slices
 */
record StoredBytes(FileChannel file, long position, List<ByteBuffer> mapped)
    implements Iterable<ByteBuffer> {

  @Override
  public Iterator<ByteBuffer> iterator() {
    return mapped.stream().map(s -> s.duplicate().order(ByteOrder.LITTLE_ENDIAN)).iterator();
  }

  /** Bytes {@code [from, to)}. */
  StoredBytes part(long from, long to) {
    return new StoredBytes(file, position + from, Slices.part(this, from, to));
  }

  /**
   * Fills a buffer's room from byte {@code offset} on.
   *
   * @return whether it could: an interrupt closes a file, and the mapped slices remain
   * @throws IOException if the file cannot be read, or has been cut
   */
  boolean read(long offset, ByteBuffer target) throws IOException {
    long at = position + offset - target.position();
    try {
      while (target.hasRemaining()) {
        if (file.read(target, at + target.position()) < 0) {
          throw new IOException("it was cut while being read");
        }
      }
      return true;
    } catch (ClosedChannelException e) {
      return false;
    }
  }
}
