package dev.alambic.signal.cache;

import dev.alambic.signal.SignalException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a cache holds of one fingerprint.
 *
 * @param folder its own
 * @param description its fields, a line each: {@code name=value}
 * @param lastUsed when a job last opened it
 * @param sealed blocks that can be read
 * @param open blocks that are being written, or were when their writer was killed
 * @param bytes of all blocks
 */
public record Holding(
    Path folder,
    String description,
    Instant lastUsed,
    List<Path> sealed,
    List<Path> open,
    long bytes) {
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  /**
   * What was found in blocks that were read whole.
   *
   * @param records that are sound
   * @param positions that they speak of: tokens
   * @param damaged blocks with damage, and what it is
   */
  public record Verification(long records, long positions, List<Damage> damaged) {}

  /** A block that is damaged. */
  public record Damage(Path block, String problem) {}

  /**
   * All holdings of a cache.
   *
   * @throws IOException if its folder cannot be read
   */
  public static List<Holding> of(Path root) throws IOException {
    List<Path> folders;
    try (Stream<Path> found = Files.list(root)) {
      folders = found.filter(Holding::isHolding).sorted().toList();
    }
    List<Holding> holdings = new ArrayList<>();
    for (Path folder : folders) {
      holdings.add(read(folder));
    }
    return holdings;
  }

  private static boolean isHolding(Path folder) {
    return DIGEST.matcher(folder.getFileName().toString()).matches()
        && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
  }

  private static Holding read(Path folder) throws IOException {
    List<Path> sealed = files(folder, Block.SEALED);
    List<Path> open = files(folder, BlockWriter.OPEN);
    long bytes = 0;
    for (Path file : sealed) {
      bytes += Files.size(file);
    }
    for (Path file : open) {
      bytes += Files.size(file);
    }
    Path used = folder.resolve(SignalCache.USED);
    boolean known = Files.exists(used);
    return new Holding(
        folder,
        known ? Files.readString(used) : "",
        Files.getLastModifiedTime(known ? used : folder).toInstant(),
        sealed,
        open,
        bytes);
  }

  private static List<Path> files(Path folder, String ending) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*" + ending)) {
      found.forEach(files::add);
    }
    files.sort(null);
    return List.copyOf(files);
  }

  /** SHA-256 of the fingerprint, in hexadecimal. */
  public String digest() {
    return folder.getFileName().toString();
  }

  /** A field of the fingerprint. */
  public Optional<String> field(String name) {
    return description
        .lines()
        .filter(line -> line.startsWith(name + "="))
        .map(line -> line.substring(name.length() + 1))
        .findFirst();
  }

  /** Records in the sealed blocks; a damaged index counts as none. */
  public long records() throws IOException {
    long records = 0;
    for (Path file : sealed) {
      try {
        records += Block.open(file, digest()).records();
      } catch (SignalException damaged) {
        // Verification reports it.
      }
    }
    return records;
  }

  /** Reads every record of every sealed block. */
  public Verification verify() throws IOException {
    long records = 0;
    long positions = 0;
    List<Damage> damaged = new ArrayList<>();
    for (Path file : sealed) {
      try {
        Block block = Block.open(file, digest());
        positions += block.verify();
        records += block.records();
      } catch (SignalException e) {
        damaged.add(new Damage(file, e.getMessage()));
      }
    }
    return new Verification(records, positions, List.copyOf(damaged));
  }

  /** Deletes all of it. A job that uses it continues and asks its teacher. */
  public void delete() throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.list(folder)) {
      files = found.toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
    Files.deleteIfExists(folder);
  }
}
