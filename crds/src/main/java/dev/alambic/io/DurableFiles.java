package dev.alambic.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are whole and on the disk, or not there, whenever the machine stops. */
public final class DurableFiles {

  /** Writes a file's contents. */
  public interface Contents {
    void writeTo(FileChannel channel) throws IOException;
  }

  private DurableFiles() {}

  /** Writes aside, forces to the disk, renames over {@code file}, forces the rename. */
  public static void write(Path file, Contents contents) throws IOException {
    Path aside = sibling(file, ".partial");
    try {
      try (FileChannel channel =
          FileChannel.open(
              aside,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        contents.writeTo(channel);
        channel.force(true);
      }
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(aside);
    }
    force(parent(file));
  }

  /** Writes a text in UTF-8, as {@link #write(Path, Contents)} does. */
  public static void write(Path file, String text) throws IOException {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
    write(
        file,
        channel -> {
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        });
  }

  public static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    force(to);
  }

  /** Forces a file's bytes, or a folder's names, to the disk. */
  public static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** A hidden neighbour, on the same volume, so that a rename is enough. */
  public static Path sibling(Path path, String suffix) {
    return parent(path).resolve("." + path.getFileName() + suffix);
  }

  public static Path parent(Path path) {
    return path.toAbsolutePath().getParent();
  }
}
