package dev.alambic.corpus.text;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One file of a corpus.
 *
 * @param name its path below the corpus's folder, with {@code /} between the parts; the file's own
 *     name if the corpus is that one file
 * @param size bytes
 * @param modified nanoseconds since 1970
 */
public record CorpusFile(String name, Path path, long size, long modified) {
  /** The file at a path, or all that are found in the folder there, sorted by name. */
  public static List<CorpusFile> list(Path path) {
    return FoundFiles.at(path).files();
  }

  static CorpusFile of(String name, Path path, BasicFileAttributes attributes) {
    return new CorpusFile(
        name, path, attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS));
  }

  /**
   * Refuses to continue if the file changed since it was listed: half of its text would be of
   * another corpus.
   */
  void requireUnchanged() throws IOException {
    BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
    if (!of(name, path, now).equals(this)) {
      throw new RunException(
          ExitCode.IO, path + ": changed while the corpus was read; start again");
    }
  }
}
