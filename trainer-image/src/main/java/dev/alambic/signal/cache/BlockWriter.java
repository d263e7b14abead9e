package dev.alambic.signal.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Writes one block. Until it is sealed it has the ending {@code .part} and its writer holds a lock
 * on it, so that others can distinguish a writer at work from one that was killed.
 */
final class BlockWriter implements AutoCloseable {
  static final String OPEN = ".part";

  private final Path file;
  private final FileChannel channel;
  private final Map<Long, Entry> entries = new HashMap<>();
  private long end;

  private BlockWriter(Path file, FileChannel channel, long end) {
    this.file = file;
    this.channel = channel;
    this.end = end;
  }

  /**
   * Begins a block.
   *
   * @param file with the ending {@link #OPEN}; must not exist
   */
  static BlockWriter begin(Path file, String fingerprint) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      FileLock unused = channel.lock();
      BlockFormat.write(channel, BlockFormat.header(fingerprint));
      return new BlockWriter(file, channel, BlockFormat.HEADER_BYTES);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Appends to a block after its sound records; whatever follows them is cut off. */
  static BlockWriter resume(Path file, FileChannel channel, List<Entry> sound) throws IOException {
    long end =
        sound.isEmpty()
            ? BlockFormat.HEADER_BYTES
            : sound.get(sound.size() - 1).offset() + sound.get(sound.size() - 1).length();
    channel.truncate(end);
    channel.position(end);
    BlockWriter writer = new BlockWriter(file, channel, end);
    sound.forEach(entry -> writer.entries.put(entry.key(), entry));
    return writer;
  }

  /** Appends a record. After an exception the block must be closed: its end is not known. */
  void append(long key, byte[] record) throws IOException {
    ByteBuffer frame = BlockFormat.allocate(BlockFormat.FRAME_BYTES + record.length);
    BlockFormat.write(channel, frame.putInt(record.length).put(record).flip());
    entries.put(key, new Entry(key, end + BlockFormat.FRAME_BYTES, record.length));
    end += BlockFormat.FRAME_BYTES + record.length;
  }

  /** The record of a sequence, or null if it isn't in this block. */
  byte[] find(long key) throws IOException {
    Entry entry = entries.get(key);
    if (entry == null) {
      return null;
    }
    return BlockFormat.read(channel, entry.offset(), entry.length());
  }

  long bytes() {
    return end;
  }

  /**
   * Writes the index, makes all of it durable, and gives the block its name for readers.
   *
   * @return the sealed block, or null if there was no record in it
   */
  Path seal() throws IOException {
    if (entries.isEmpty()) {
      Files.delete(file);
      return null;
    }
    BlockFormat.write(channel, index());
    channel.force(true);
    Path sealed = file.resolveSibling(sealedName(file));
    Files.move(file, sealed, StandardCopyOption.ATOMIC_MOVE);
    return sealed;
  }

  private static String sealedName(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - OPEN.length()) + Block.SEALED;
  }

  private ByteBuffer index() {
    int bytes = Math.multiplyExact(entries.size(), BlockFormat.ENTRY_BYTES);
    ByteBuffer index = BlockFormat.allocate(Math.addExact(bytes, BlockFormat.TRAILER_BYTES));
    entries.values().stream()
        .sorted(Comparator.comparingLong(Entry::key))
        .forEach(e -> index.putLong(e.key()).putLong(e.offset()).putInt(e.length()));
    index.putLong(end).putInt(entries.size());
    CRC32C crc = new CRC32C();
    crc.update(index.duplicate().flip());
    return index.putInt((int) crc.getValue()).putInt(BlockFormat.TRAILER_MAGIC).flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
