package dev.alambic.signal.cache;

import dev.alambic.io.Mounted;
import dev.alambic.signal.Fingerprint;
import dev.alambic.signal.SignalException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of one fingerprint on a volume: one teacher's signals in one encoding. Several
 * processes may use it at once: each writes blocks of its own and reads all that are sealed.
 * Threads may share a cache.
 *
 * <p>A record's key is 64 bits of a SHA-256. Two sequences of a cache of n share one with a chance
 * of n² / 2^65: three in a million at ten million sequences.
 */
public final class SignalCache implements AutoCloseable {
  /** When a block is sealed: what a failing node loses at most of what was not yet durable. */
  private static final long BLOCK_BYTES = 256L << 20;

  /** How long others' new blocks may go unseen. */
  private static final long REFRESH_NANOS = Duration.ofSeconds(30).toNanos();

  /** Its time is when a fingerprint's records were last in use. */
  static final String USED = "used";

  private static final Logger LOG = LoggerFactory.getLogger(SignalCache.class);

  private final Path folder;
  private final String fingerprint;
  private final long blockBytes;
  private final LongSupplier nanoTime;
  private final Map<Path, Block> blocks = new HashMap<>();
  private BlockWriter writer;
  private long refreshed;

  private SignalCache(Path folder, String fingerprint, long blockBytes, LongSupplier nanoTime) {
    this.folder = folder;
    this.fingerprint = fingerprint;
    this.blockBytes = blockBytes;
    this.nanoTime = nanoTime;
  }

  /**
   * Opens the records of a fingerprint, and seals what killed writers left of them.
   *
   * @param root folder of the cache, made if it isn't there
   */
  public static SignalCache open(Path root, Fingerprint fingerprint, LongSupplier nanoTime)
      throws IOException {
    return open(root, fingerprint, nanoTime, BLOCK_BYTES);
  }

  static SignalCache open(
      Path root, Fingerprint fingerprint, LongSupplier nanoTime, long blockBytes)
      throws IOException {
    Path folder = Files.createDirectories(Mounted.writable(root.resolve(fingerprint.digest())));
    Path used = Mounted.writable(folder.resolve(USED));
    Files.writeString(used, fingerprint.describe());
    Files.setLastModifiedTime(used, FileTime.fromMillis(System.currentTimeMillis()));
    SignalCache cache = new SignalCache(folder, fingerprint.digest(), blockBytes, nanoTime);
    cache.recover();
    cache.refresh();
    return cache;
  }

  private void recover() throws IOException {
    try (DirectoryStream<Path> open = Files.newDirectoryStream(folder, "*" + BlockWriter.OPEN)) {
      for (Path file : open) {
        Recovery.recover(file, fingerprint);
      }
    }
  }

  private void refresh() throws IOException {
    refreshed = nanoTime.getAsLong();
    try (DirectoryStream<Path> sealed = Files.newDirectoryStream(folder, "*" + Block.SEALED)) {
      for (Path file : sealed) {
        if (!blocks.containsKey(file)) {
          add(file);
        }
      }
    }
  }

  /** A damaged block is one that isn't there: the teacher is asked again. */
  private void add(Path file) throws IOException {
    try {
      blocks.put(file, Block.open(file, fingerprint));
    } catch (SignalException e) {
      LOG.warn("{}; it is not used", e.getMessage());
    } catch (NoSuchFileException pruned) {
      // By another process, just now.
    }
  }

  /**
   * The record of a sequence, or null if it isn't there. One that is damaged in one block may be
   * sound in another: it was asked for again.
   *
   * @throws SignalException if it is damaged wherever it is
   * @throws IOException if the volume cannot be read
   */
  public synchronized byte[] find(long key) throws IOException {
    SignalException damage = null;
    for (Block block : blocksOf(key)) {
      try {
        return block.find(key);
      } catch (SignalException e) {
        damage = e;
      }
    }
    byte[] unsealed = writer == null ? null : writer.find(key);
    if (unsealed == null && damage != null) {
      throw damage;
    }
    return unsealed;
  }

  private List<Block> blocksOf(long key) throws IOException {
    List<Block> found = known(key);
    if (found.isEmpty() && nanoTime.getAsLong() - refreshed > REFRESH_NANOS) {
      refresh();
      found = known(key);
    }
    return found;
  }

  private List<Block> known(long key) {
    return blocks.values().stream().filter(block -> block.contains(key)).toList();
  }

  /**
   * Keeps a record.
   *
   * @throws IOException if the volume cannot be written: the cache stays readable
   */
  public synchronized void add(long key, byte[] record) throws IOException {
    if (writer == null) {
      String name = UUID.randomUUID() + BlockWriter.OPEN;
      writer = BlockWriter.begin(folder.resolve(name), fingerprint);
    }
    try {
      writer.append(key, record);
    } catch (IOException e) {
      writer.close();
      writer = null;
      throw e;
    }
    if (writer.bytes() >= blockBytes) {
      seal();
    }
  }

  /** Makes what was added durable, and visible to others. */
  private void seal() throws IOException {
    try (BlockWriter full = writer) {
      writer = null;
      Path sealed = full.seal();
      if (sealed != null) {
        add(sealed);
      }
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (writer != null) {
      seal();
    }
  }
}
