package dev.alambic.checkpoint;

import dev.alambic.io.Mounted;
import dev.alambic.io.Sha256;
import dev.alambic.run.RunJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a checkpoint consists of: {@code manifest.json}, written last, that a load is held against.
 *
 * @param version {@link #VERSION}
 * @param files all files but the manifest itself, by path
 */
public record CheckpointManifest(String version, List<Entry> files) {
  static final String FILE_NAME = "manifest.json";
  static final String VERSION = "alambic.dev/checkpoint/v2";

  /**
   * A file.
   *
   * @param path inside the checkpoint, with slashes
   * @param bytes its size
   * @param sha256 of its content, hexadecimal
   */
  record Entry(String path, long bytes, String sha256) {}

  /**
   * The manifest of the files that are in a folder now, those of its parts as their own manifests
   * list them.
   */
  static CheckpointManifest ofAll(Path folder, List<CheckpointManifest> parts) throws IOException {
    List<Entry> known = parts.stream().flatMap(part -> part.files().stream()).toList();
    Set<Path> ofParts =
        known.stream().map(entry -> folder.resolve(entry.path())).collect(Collectors.toSet());
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.filter(Files::isRegularFile).filter(file -> !ofParts.contains(file)).toList();
    }
    List<Entry> all = new ArrayList<>(known);
    all.addAll(of(folder, files).files());
    all.sort(Comparator.comparing(Entry::path));
    return new CheckpointManifest(VERSION, List.copyOf(all));
  }

  /** The manifest of these files of a folder. */
  static CheckpointManifest of(Path folder, Collection<Path> files) throws IOException {
    try {
      return new CheckpointManifest(
          VERSION, files.parallelStream().map(file -> entry(folder, file)).toList());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static Entry entry(Path folder, Path file) {
    try {
      String path = folder.relativize(file).toString().replace('\\', '/');
      return new Entry(path, Files.size(file), Sha256.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What is wrong with a checkpoint, in one line; empty if each file is what was written.
   *
   * @throws IOException if a file is there but cannot be read
   */
  public static Optional<String> damage(Path checkpoint) throws IOException {
    CheckpointManifest manifest;
    Mounted.readable(checkpoint.resolve(FILE_NAME));
    try {
      manifest =
          RunJson.read(Files.readString(checkpoint.resolve(FILE_NAME)), CheckpointManifest.class);
    } catch (NoSuchFileException e) {
      return Optional.of(FILE_NAME + " is not there");
    } catch (IllegalArgumentException | IOException e) {
      return Optional.of(FILE_NAME + " is unreadable: " + e.getMessage());
    }
    if (!VERSION.equals(manifest.version()) || manifest.files() == null) {
      return Optional.of(FILE_NAME + " is of version " + manifest.version() + ", not " + VERSION);
    }
    try {
      return manifest.files().parallelStream()
          .map(entry -> damage(checkpoint, entry))
          .flatMap(Optional::stream)
          .findFirst();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static Optional<String> damage(Path checkpoint, Entry entry) {
    Path file = checkpoint.resolve(entry.path()).normalize();
    if (!file.startsWith(checkpoint.normalize())) {
      return Optional.of(FILE_NAME + " names " + entry.path() + ", which lies elsewhere");
    }
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.of(entry.path() + " is not there");
      }
      long size = Files.size(file);
      if (size != entry.bytes()) {
        return Optional.of(
            "%s has %d bytes, %d were written".formatted(entry.path(), size, entry.bytes()));
      }
      return Sha256.of(file).equals(entry.sha256())
          ? Optional.empty()
          : Optional.of(entry.path() + " is not what was written: its SHA-256 differs");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
