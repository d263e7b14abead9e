package dev.alambic.signal;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.io.Mounted;
import dev.alambic.io.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Digests of a model's folder, each 64 hexadecimal digits of SHA-256.
 *
 * @param config of {@code config.json}
 * @param weights of every {@code *.safetensors}: its name, its size, and its bytes, or of a file
 *     over 64 MiB 64 blocks of 1 MiB at equal distances, the first and the last included. Any
 *     training step changes every block; an edit of a few numbers in a large file may go unnoticed,
 *     which is the price of a start that doesn't read 54 GB.
 * @param tokenizer of {@code tokenizer.json}
 */
public record ModelDigests(String config, String weights, String tokenizer) {
  private static final int BLOCK_BYTES = 1 << 20;
  private static final int BLOCKS = 64;

  /**
   * Digests of a Hugging Face folder.
   *
   * @throws RunException if a file is not there or cannot be read
   */
  public static ModelDigests of(Path folder) {
    return new ModelDigests(
        whole(folder.resolve("config.json")),
        weights(folder),
        whole(folder.resolve("tokenizer.json")));
  }

  private static String whole(Path file) {
    requireThere(Files.isRegularFile(file), file);
    MessageDigest digest = Sha256.start();
    try {
      digest.update(Files.readAllBytes(Mounted.readable(file)));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    return hex(digest);
  }

  /**
   * The digest of a folder's weights alone.
   *
   * @throws RunException if there are none, or they cannot be read
   */
  public static String weights(Path folder) {
    MessageDigest digest = Sha256.start();
    List<Path> files = safetensors(folder);
    requireThere(!files.isEmpty(), folder.resolve("*.safetensors"));
    for (Path file : files) {
      try {
        update(digest, file);
      } catch (IOException e) {
        throw unreadable(file, e);
      }
    }
    return hex(digest);
  }

  private static List<Path> safetensors(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".safetensors")).sorted().toList();
    } catch (IOException | UncheckedIOException e) {
      throw unreadable(folder, e);
    }
  }

  private static void update(MessageDigest digest, Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(Mounted.readable(file))) {
      long size = channel.size();
      String title = file.getFileName() + "\n" + size + "\n";
      digest.update(title.getBytes(StandardCharsets.UTF_8));
      long blocks = Math.min(BLOCKS, (size + BLOCK_BYTES - 1) / BLOCK_BYTES);
      long last = Math.max(0, size - BLOCK_BYTES);
      boolean sampled = size > (long) BLOCKS * BLOCK_BYTES;
      for (long i = 0; i < blocks; i++) {
        long start = sampled ? last / (BLOCKS - 1) * i : i * BLOCK_BYTES;
        update(digest, channel, i == blocks - 1 && sampled ? last : start);
      }
    }
  }

  private static void update(MessageDigest digest, FileChannel channel, long start)
      throws IOException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
    int read = 0;
    while (block.hasRemaining() && read >= 0) {
      read = channel.read(block, start + block.position());
    }
    digest.update(block.flip());
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void requireThere(boolean there, Path file) {
    if (!there) {
      throw new RunException(
          ExitCode.NO_INPUT,
          file
              + " is not there: a model is a folder with config.json, *.safetensors and"
              + " tokenizer.json");
    }
  }

  private static RunException unreadable(Path file, Exception cause) {
    return new RunException(ExitCode.IO, file + " cannot be read: " + cause.getMessage(), cause);
  }
}
