package dev.alambic.corpus.text;

import dev.alambic.corpus.text.LeftOut.Reason;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.io.Mounted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What was found at a path.
 *
 * @param path a file or a folder
 * @param files that are read, sorted by name
 * @param leftOut what is not, and why
 */
public record FoundFiles(Path path, List<CorpusFile> files, List<LeftOut> leftOut) {
  /** Of those that are left out, how many a message names for each reason. */
  private static final int NAMED = 3;

  public FoundFiles {
    files = List.copyOf(files);
    leftOut = List.copyOf(leftOut);
  }

  /**
   * Looks at a path.
   *
   * @throws RunException NO_INPUT if nothing is there; DATA if it is neither a file nor a folder;
   *     IO if it cannot be read
   */
  public static FoundFiles at(Path path) {
    if (!Files.exists(path)) {
      throw new RunException(ExitCode.NO_INPUT, path + ": no such file or folder");
    }
    Mounted.readable(path);
    try {
      return Files.isDirectory(path) ? FileSearch.in(path) : single(path);
    } catch (IOException e) {
      throw new RunException(ExitCode.IO, path + ": cannot be read: " + e, e);
    }
  }

  private static FoundFiles single(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new RunException(ExitCode.DATA, path + ": neither a file nor a folder");
    }
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    String name = path.getFileName().toString();
    return new FoundFiles(path, List.of(CorpusFile.of(name, path, attributes)), List.of());
  }

  /** Without the files of which this is true, which are left out for a reason. */
  public FoundFiles without(Predicate<CorpusFile> unwanted, Reason reason) {
    Map<Boolean, List<CorpusFile>> parts =
        files.stream().collect(Collectors.partitioningBy(unwanted));
    List<LeftOut> out = new ArrayList<>(leftOut);
    parts.get(true).forEach(file -> out.add(new LeftOut(file.name(), reason)));
    return new FoundFiles(path, parts.get(false), out);
  }

  /**
   * Without those that another corpus has too: the same file, by whatever links, or one with the
   * same bytes.
   */
  public FoundFiles without(FoundFiles heldOut) throws IOException {
    Map<Long, List<CorpusFile>> bySize = new HashMap<>();
    heldOut.files.forEach(
        file -> bySize.computeIfAbsent(file.size(), size -> new ArrayList<>()).add(file));
    Set<CorpusFile> both = new HashSet<>();
    for (CorpusFile file : files) {
      for (CorpusFile other : bySize.getOrDefault(file.size(), List.of())) {
        if (Files.isSameFile(file.path(), other.path())
            || Files.mismatch(file.path(), other.path()) < 0) {
          both.add(file);
          break;
        }
      }
    }
    return without(both::contains, Reason.HELD_OUT);
  }

  /** Bytes of all files. */
  public long size() {
    return files.stream().mapToLong(CorpusFile::size).sum();
  }

  /**
   * Refuses what has no file to read.
   *
   * @throws RunException DATA, with what was left out
   */
  public FoundFiles requireSome() {
    if (files.isEmpty()) {
      String why = leftOut.isEmpty() ? "" : "; left out: " + leftOutInWords();
      throw new RunException(ExitCode.DATA, path + ": no files in it" + why);
    }
    return this;
  }

  /** What was left out, by reason, with a few names each; empty if nothing was. */
  public String leftOutInWords() {
    List<String> words = new ArrayList<>();
    for (Reason reason : Reason.values()) {
      List<String> names =
          leftOut.stream().filter(out -> out.reason() == reason).map(LeftOut::name).toList();
      if (!names.isEmpty()) {
        words.add(
            "%d %s (%s%s)"
                .formatted(
                    names.size(),
                    reason,
                    names.stream().limit(NAMED).collect(Collectors.joining(", ")),
                    names.size() > NAMED ? ", ..." : ""));
      }
    }
    return String.join("; ", words);
  }
}
