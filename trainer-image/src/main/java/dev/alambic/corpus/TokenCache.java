package dev.alambic.corpus;

import dev.alambic.corpus.TokenIndex.Entry;
import dev.alambic.io.Mounted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens on disk, so that they are made once for all that read the same corpus and for all epochs:
 * a file {@code KEY.tokens} that grows during a run, with an index in {@code KEY.index}. When it
 * has reached its largest size it begins again from the front. Whatever is torn, damaged or
 * overwritten is noticed by a checksum and made again: half of another run's tokens is never read.
 */
final class TokenCache {
  /** Bytes of tokens that are kept at most; the operator's claim has room for as many. */
  static final long MOST_BYTES = 40_000_000_000L;

  private static final Logger LOG = LoggerFactory.getLogger(TokenCache.class);
  private static final int BUFFER = 1 << 20;
  private static final Duration ABANDONED = Duration.ofDays(7);
  private static final String OURS = "[0-9a-f]{32}\\.(tokens|index|claim)";

  private final Path folder;
  private final Path file;
  private final Path indexFile;
  private final TokenClaim claim;
  private final int width;
  private final long most;

  /** Makes tokens, and logs now and then that it is still working. */
  interface Maker {
    Made make(Runnable alive) throws IOException;
  }

  /**
   * Tokens.
   *
   * @param documents that they are of
   * @param skipped records that had no text
   */
  public record Made(int[] tokens, long documents, long skipped) {}

  /**
   * A cache in a folder, which is made.
   *
   * @param vocabularySize decides the bytes of a token: 2 or 4
   * @param most bytes of the largest file
   */
  TokenCache(Path folder, String key, int vocabularySize, long most) throws IOException {
    this.folder = Files.createDirectories(Mounted.writable(folder));
    this.file = Mounted.writable(folder.resolve(key + ".tokens"));
    this.indexFile = Mounted.writable(folder.resolve(key + ".index"));
    this.claim = new TokenClaim(Mounted.writable(folder.resolve(key + ".claim")), System::nanoTime);
    this.width = vocabularySize <= 1 << 16 ? 2 : 4;
    this.most = most;
  }

  /** What is known of all tokens at this moment, without reading them. */
  TokenIndex index() throws IOException {
    return TokenIndex.read(indexFile, width);
  }

  /** Tokens from the cache; if it has not got them, they are made and kept. */
  synchronized Made get(long id, Maker maker) throws IOException {
    Made there = read(id);
    while (there == null) {
      if (claim.take()) {
        try {
          there = read(id);
          return there == null ? makeAndKeep(id, maker) : there;
        } finally {
          claim.giveBack();
        }
      }
      claim.await();
      there = read(id);
    }
    return there;
  }

  private Made makeAndKeep(long id, Maker maker) throws IOException {
    Made made = maker.make(claim::alive);
    TokenIndex index = index();
    long offset = index.place(id, made.tokens().length, most);
    int checksum = write(made.tokens(), offset);
    index.write(
        indexFile,
        new Entry(id, offset, made.tokens().length, made.documents(), made.skipped(), checksum));
    return made;
  }

  private Made read(long id) throws IOException {
    TokenIndex index = index();
    Entry entry = index.entry(id);
    if (entry == null || !index.isThere(entry)) {
      return null;
    }
    int[] tokens = Files.exists(file) ? read(entry) : null;
    if (tokens == null) {
      LOG.warn("{}: damaged; tokenising again", file);
      return null;
    }
    return new Made(tokens, entry.documents(), entry.skipped());
  }

  private int[] read(Entry entry) throws IOException {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      if (in.size() < entry.offset() + entry.tokens() * width) {
        return null;
      }
      int[] tokens = new int[Math.toIntExact(entry.tokens())];
      CRC32C checksum = new CRC32C();
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
      long at = entry.offset();
      for (int done = 0; done < tokens.length; ) {
        buffer.clear().limit((int) Math.min(BUFFER, (long) (tokens.length - done) * width));
        while (buffer.hasRemaining()) {
          int read = in.read(buffer, at);
          if (read < 0) {
            return null;
          }
          at += read;
        }
        buffer.flip();
        checksum.update(buffer.duplicate());
        while (buffer.hasRemaining()) {
          tokens[done++] = width == 2 ? Short.toUnsignedInt(buffer.getShort()) : buffer.getInt();
        }
      }
      return (int) checksum.getValue() == entry.checksum() ? tokens : null;
    }
  }

  private int write(int[] tokens, long offset) throws IOException {
    CRC32C checksum = new CRC32C();
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
      long at = offset;
      for (int done = 0; done < tokens.length; ) {
        buffer.clear();
        while (done < tokens.length && buffer.remaining() >= width) {
          put(buffer, tokens[done++]);
        }
        buffer.flip();
        checksum.update(buffer.duplicate());
        while (buffer.hasRemaining()) {
          at += out.write(buffer, at);
        }
      }
    }
    return (int) checksum.getValue();
  }

  private void put(ByteBuffer buffer, int token) {
    if (width == 2) {
      buffer.putShort((short) token);
    } else {
      buffer.putInt(token);
    }
  }

  /** Removes the tokens of other corpora that had no addition for a week. */
  void deleteAbandoned(Instant now) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path other : files) {
        boolean ours = other.getFileName().toString().matches(OURS);
        if (ours && !other.equals(file) && !other.equals(indexFile)) {
          deleteIfAbandoned(other, now);
        }
      }
    }
  }

  private static void deleteIfAbandoned(Path other, Instant now) throws IOException {
    try {
      if (Files.getLastModifiedTime(other).toInstant().plus(ABANDONED).isBefore(now)) {
        Files.deleteIfExists(other);
      }
    } catch (NoSuchFileException e) {
      LOG.debug("{}: another process has just finished with it", other);
    }
  }
}
