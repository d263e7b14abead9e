package dev.alambic.signal.cache;

import dev.alambic.io.Mounted;
import dev.alambic.signal.RecordStamp;
import dev.alambic.signal.SignalException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/** A sealed block: its index in memory, its records on the volume. */
final class Block {
  static final String SEALED = ".block";

  private final Path file;
  private final ByteBuffer index;
  private final int records;

  private Block(Path file, ByteBuffer index, int records) {
    this.file = file;
    this.index = index;
    this.records = records;
  }

  /**
   * Reads a block's index.
   *
   * @throws SignalException if it is damaged or of another fingerprint
   */
  static Block open(Path file, String fingerprint) throws IOException {
    try (FileChannel channel = FileChannel.open(Mounted.readable(file), StandardOpenOption.READ)) {
      byte[] header = BlockFormat.read(channel, 0, BlockFormat.HEADER_BYTES);
      require(BlockFormat.isHeader(header, fingerprint), file, "the header is another's");
      long trailerAt = channel.size() - BlockFormat.TRAILER_BYTES;
      require(trailerAt >= BlockFormat.HEADER_BYTES, file, "it is cut short");
      byte[] tail = BlockFormat.read(channel, trailerAt, BlockFormat.TRAILER_BYTES);
      require(tail != null, file, "it is cut short");
      ByteBuffer trailer = BlockFormat.view(tail);
      long indexAt = trailer.getLong();
      int records = trailer.getInt();
      long bytes = (long) records * BlockFormat.ENTRY_BYTES;
      boolean fits =
          bytes <= Math.min(BlockFormat.MOST_INDEX_BYTES, trailerAt - BlockFormat.HEADER_BYTES);
      require(records > 0 && fits && indexAt == trailerAt - bytes, file, "the trailer is damaged");
      int length = Math.toIntExact(bytes + BlockFormat.TRAILER_BYTES);
      byte[] index = BlockFormat.read(channel, indexAt, length);
      require(index != null && isSound(index), file, "the index is damaged");
      return new Block(file, BlockFormat.view(index), records);
    }
  }

  private static boolean isSound(byte[] index) {
    int checked = index.length - 2 * Integer.BYTES;
    CRC32C crc = new CRC32C();
    crc.update(index, 0, checked);
    ByteBuffer in = BlockFormat.view(index);
    return in.getInt(checked) == (int) crc.getValue()
        && in.getInt(checked + Integer.BYTES) == BlockFormat.TRAILER_MAGIC;
  }

  private static void require(boolean condition, Path file, String problem) {
    if (!condition) {
      throw new SignalException("signal block " + file + ": " + problem);
    }
  }

  int records() {
    return records;
  }

  boolean contains(long key) {
    return position(key) >= 0;
  }

  /**
   * The record of a sequence, or null if it isn't in this block.
   *
   * @throws SignalException if the record is damaged
   */
  byte[] find(long key) throws IOException {
    int position = position(key);
    if (position < 0) {
      return null;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return record(channel, entry(position));
    }
  }

  private byte[] record(FileChannel channel, Entry entry) throws IOException {
    require(entry.liesWithin(channel.size()), file, "the index leads outside of the block");
    byte[] record = BlockFormat.read(channel, entry.offset(), entry.length());
    require(record != null, file, "the record at " + entry.offset() + " is cut short");
    try {
      long key = RecordStamp.of(record).sequenceKey();
      require(key == entry.key(), file, "the index leads to another record");
    } catch (SignalException e) {
      throw new SignalException(
          "signal block %s at %d: %s".formatted(file, entry.offset(), e.getMessage()));
    }
    return record;
  }

  /**
   * Reads every record.
   *
   * @return the positions that they speak of, in all
   * @throws SignalException naming the first that is damaged
   */
  long verify() throws IOException {
    long positions = 0;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (int i = 0; i < records; i++) {
        positions += RecordStamp.of(record(channel, entry(i))).positions();
      }
    }
    return positions;
  }

  private Entry entry(int position) {
    int at = position * BlockFormat.ENTRY_BYTES;
    return new Entry(
        index.getLong(at), index.getLong(at + Long.BYTES), index.getInt(at + 2 * Long.BYTES));
  }

  /** Binary search; the keys ascend. */
  private int position(long key) {
    int low = 0;
    int high = records - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long here = index.getLong(middle * BlockFormat.ENTRY_BYTES);
      if (here == key) {
        return middle;
      } else if (here < key) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }
}
