package dev.alambic.corpus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * What a file of tokens holds: entries of {@link #BYTES} bytes, little-endian, each with a
 * checksum, in the order in which they were written. A later entry overwrites earlier ones in whose
 * place its tokens lie; how many those had stays known.
 */
final class TokenIndex {
  static final int BYTES = 48;

  /** Far more than a window has, and few enough for an array. */
  private static final long MOST_TOKENS = 1 << 28;

  private static final long MOST_BYTES = 1L << 50;

  /**
   * Tokens in the file.
   *
   * @param id which: a window, or below 0 held-out text
   * @param offset bytes of the file before them
   * @param documents that they are of
   * @param skipped records that had no text
   * @param checksum CRC-32C of their bytes
   */
  record Entry(long id, long offset, long tokens, long documents, long skipped, int checksum) {}

  private final Map<Long, Entry> entries = new HashMap<>();
  private final TreeMap<Long, Entry> places = new TreeMap<>();
  private final int width;
  private Entry last;
  private long count;

  /**
   * An empty index.
   *
   * @param width bytes of a token
   */
  TokenIndex(int width) {
    this.width = width;
  }

  /** Reads an index; what is damaged or half written is left out. None is an empty one. */
  static TokenIndex read(Path file, int width) throws IOException {
    TokenIndex index = new TokenIndex(width);
    if (Files.exists(file)) {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      while (bytes.remaining() >= BYTES) {
        index.add(bytes.slice(bytes.position(), BYTES).order(ByteOrder.LITTLE_ENDIAN));
        bytes.position(bytes.position() + BYTES);
      }
    }
    return index;
  }

  private void add(ByteBuffer bytes) {
    count++;
    Entry entry =
        new Entry(
            bytes.getLong(),
            bytes.getLong(),
            bytes.getLong(),
            bytes.getLong(),
            bytes.getLong(),
            bytes.getInt());
    boolean good = bytes.getInt() == checksum(bytes);
    if (good && isPossible(entry)) {
      put(entry);
    }
  }

  private static boolean isPossible(Entry entry) {
    return entry.tokens >= 0
        && entry.tokens <= MOST_TOKENS
        && entry.offset >= 0
        && entry.offset <= MOST_BYTES;
  }

  private void put(Entry entry) {
    Entry before = entries.put(entry.id, entry);
    if (before != null) {
      places.remove(before.offset, before);
    }
    long end = end(entry);
    Map.Entry<Long, Entry> below = places.lowerEntry(entry.offset);
    if (below != null && end(below.getValue()) > entry.offset) {
      places.remove(below.getKey());
    }
    places.subMap(entry.offset, end).clear();
    places.put(entry.offset, entry);
    last = entry;
  }

  /** Adds an entry to the file, in the place of one that is half written. */
  void write(Path file, Entry entry) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(entry.id).putLong(entry.offset).putLong(entry.tokens);
    bytes.putLong(entry.documents).putLong(entry.skipped).putInt(entry.checksum);
    bytes.putInt(checksum(bytes)).flip();
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (long at = count * BYTES; bytes.hasRemaining(); ) {
        at += out.write(bytes, at);
      }
    }
    count++;
    put(entry);
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes.slice(0, BYTES - Integer.BYTES));
    return (int) checksum.getValue();
  }

  private long end(Entry entry) {
    return entry.offset + Math.max(1, entry.tokens * width);
  }

  /** What is known of tokens, whether or not the file still has them; null if nothing is. */
  Entry entry(long id) {
    return entries.get(id);
  }

  /** Whether the place of these tokens was not given to others. */
  boolean isThere(Entry entry) {
    return entry.equals(places.get(entry.offset));
  }

  /**
   * Where tokens are to be written: where they were, else behind those that were written last, or
   * at the beginning when the file would grow too large.
   */
  long place(long id, long tokens, long most) {
    Entry before = entries.get(id);
    if (before != null && before.tokens == tokens && isThere(before)) {
      return before.offset;
    }
    long behind = last == null ? 0 : last.offset + last.tokens * width;
    return behind + tokens * width <= most ? behind : 0;
  }
}
