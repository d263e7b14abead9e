package dev.alambic.data;

import dev.alambic.run.ExitCode;
import dev.alambic.run.RunException;
import dev.alambic.volume.Mounted;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
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
record CorpusFile(String name, Path path, long size, long modified) {
  /**
   * The file at a path, or all in the folder there, sorted by name. Hidden files and folders are
   * skipped. A symbolic link is followed only to a file inside the folder, as in a mounted
   * ConfigMap.
   *
   * @throws RunException NO_INPUT if nothing is there; DATA if there is no file to read; IO if the
   *     folder cannot be read
   */
  static List<CorpusFile> list(Path path) {
    if (!Files.exists(path)) {
      throw new RunException(ExitCode.NO_INPUT, path + ": no such file or folder");
    }
    Mounted.readable(path);
    try {
      return Files.isDirectory(path) ? inFolder(path) : List.of(single(path));
    } catch (IOException e) {
      throw new RunException(ExitCode.IO, path + ": cannot be read: " + e, e);
    }
  }

  private static CorpusFile single(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new RunException(ExitCode.DATA, path + ": neither a file nor a folder");
    }
    return of(path.getFileName().toString(), path);
  }

  private static CorpusFile of(String name, Path path) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    return new CorpusFile(
        name, path, attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS));
  }

  private static List<CorpusFile> inFolder(Path folder) throws IOException {
    Visitor visitor = new Visitor(folder, folder.toRealPath());
    Files.walkFileTree(visitor.root, visitor);
    if (visitor.files.isEmpty()) {
      String links = visitor.leaving == 0 ? "" : "; links that leave the folder are not followed";
      throw new RunException(ExitCode.DATA, folder + ": no files in it" + links);
    }
    visitor.files.sort(Comparator.comparing(CorpusFile::name));
    return List.copyOf(visitor.files);
  }

  private static final class Visitor extends SimpleFileVisitor<Path> {
    private final Path folder;
    private final Path root;
    private final List<CorpusFile> files = new ArrayList<>();
    private int leaving;

    Visitor(Path folder, Path root) {
      this.folder = folder;
      this.root = root;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
      return !path.equals(root) && hidden(path)
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
      if (hidden(path)) {
        return FileVisitResult.CONTINUE;
      }
      if (attributes.isSymbolicLink() && !staysInside(path)) {
        leaving++;
      } else if (Files.isRegularFile(path)) {
        Path below = root.relativize(path);
        String name = below.toString().replace(path.getFileSystem().getSeparator(), "/");
        files.add(of(name, folder.resolve(below)));
      }
      return FileVisitResult.CONTINUE;
    }

    private boolean staysInside(Path link) throws IOException {
      return Files.exists(link) && link.toRealPath().startsWith(root);
    }

    private static boolean hidden(Path path) {
      return path.getFileName().toString().startsWith(".");
    }
  }
}
