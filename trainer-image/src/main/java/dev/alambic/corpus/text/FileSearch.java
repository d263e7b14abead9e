package dev.alambic.corpus.text;

import dev.alambic.corpus.text.LeftOut.Reason;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.io.Mounted;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/**
 * Looks for all files below a folder. Links are followed, as a Hugging Face cache needs it, where a
 * snapshot's files are links to {@code ../../blobs}; but never out of a mounted volume. Nothing is
 * found twice, and what lies in the folder goes before what is linked to it, so that links in a
 * circle end.
 */
final class FileSearch {
  /** Deeper than any data set, and than the stack reaches. */
  private static final int DEEPEST = 200;

  private final Path root;
  private final List<CorpusFile> files = new ArrayList<>();
  private final List<LeftOut> leftOut = new ArrayList<>();
  private final Queue<Path> links = new ArrayDeque<>();
  private final Set<Path> found = new HashSet<>();

  private FileSearch(Path root) {
    this.root = root;
  }

  /**
   * Searches a folder.
   *
   * @throws RunException IO if something in it may not be read; DATA if it is too deep
   * @throws IOException if it cannot be read
   */
  static FoundFiles in(Path folder) throws IOException {
    FileSearch search = new FileSearch(folder);
    search.folder(folder, folder.toRealPath());
    while (!search.links.isEmpty()) {
      search.link(search.links.remove());
    }
    search.files.sort(Comparator.comparing(CorpusFile::name));
    search.leftOut.sort(Comparator.comparing(LeftOut::name));
    return new FoundFiles(folder, search.files, search.leftOut);
  }

  private void folder(Path folder, Path real) throws IOException {
    if (!found.add(real)) {
      leaveOut(folder, Reason.SAME);
      return;
    }
    if (root.relativize(folder).getNameCount() > DEEPEST) {
      throw new RunException(ExitCode.DATA, folder + ": more than " + DEEPEST + " folders deep");
    }
    for (Path entry : entries(folder)) {
      entry(entry, real.resolve(entry.getFileName()));
    }
  }

  private static List<Path> entries(Path folder) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(entries::add);
    } catch (AccessDeniedException e) {
      throw unreadable(folder);
    }
    entries.sort(Comparator.comparing(path -> path.getFileName().toString()));
    return entries;
  }

  private static RunException unreadable(Path path) {
    return new RunException(
        ExitCode.IO, path + ": may not be read by this user: allow it, or move it elsewhere");
  }

  private void entry(Path entry, Path real) throws IOException {
    String name = entry.getFileName().toString();
    if (name.startsWith(".")) {
      leaveOut(entry, Reason.HIDDEN);
    } else if (name.equals("lost+found")) {
      leaveOut(entry, Reason.SYSTEM);
    } else if (Files.isSymbolicLink(entry)) {
      links.add(entry);
    } else {
      plain(entry, real);
    }
  }

  private void link(Path link) throws IOException {
    if (!Files.exists(link)) {
      leaveOut(link, Reason.LINK_TO_NOTHING);
    } else if (!Mounted.staysOnVolume(link)) {
      leaveOut(link, Reason.LINK_OUT);
    } else {
      plain(link, link.toRealPath());
    }
  }

  private void plain(Path entry, Path real) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(entry, BasicFileAttributes.class);
    if (attributes.isDirectory()) {
      folder(entry, real);
    } else if (!attributes.isRegularFile()) {
      leaveOut(entry, Reason.SPECIAL);
    } else if (attributes.size() == 0) {
      leaveOut(entry, Reason.EMPTY);
    } else if (!found.add(real)) {
      leaveOut(entry, Reason.SAME);
    } else if (!Files.isReadable(entry)) {
      throw unreadable(entry);
    } else {
      files.add(CorpusFile.of(name(entry), entry, attributes));
    }
  }

  private void leaveOut(Path entry, Reason reason) {
    leftOut.add(new LeftOut(name(entry), reason));
  }

  private String name(Path entry) {
    return root.relativize(entry).toString().replace(entry.getFileSystem().getSeparator(), "/");
  }
}
