package dev.alambic.data;

import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.run.RunException;
import dev.alambic.run.RunSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The files of a corpus as they are at one moment.
 *
 * @param train the files of its path
 * @param validation the files of its validation path, if it has one
 */
record CorpusListing(List<CorpusFile> train, List<CorpusFile> validation) {
  /** Changes whenever the same files would give other tokens. */
  private static final String VERSION = "alambic tokens 2";

  /**
   * Lists a corpus.
   *
   * @throws RunException NO_INPUT if a path is not there, and as {@link CorpusFile#list}
   */
  static CorpusListing of(RunSpec.Data data) {
    return new CorpusListing(
        CorpusFile.list(Path.of(data.path())),
        data.validationPath() == null
            ? List.of()
            : CorpusFile.list(Path.of(data.validationPath())));
  }

  /** The name of a file that is not the same in another listing, or null if all are. */
  String firstDifference(CorpusListing other) {
    Set<CorpusFile> here = files();
    Set<CorpusFile> there = other.files();
    return Stream.concat(
            here.stream().filter(file -> !there.contains(file)),
            there.stream().filter(file -> !here.contains(file)))
        .map(CorpusFile::name)
        .findFirst()
        .orElse(null);
  }

  private Set<CorpusFile> files() {
    return Stream.concat(train.stream(), validation.stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** A name for the tokens: a digest of all that decides them. */
  String key(RunSpec.Data data, Tokenizer tokenizer) {
    MessageDigest digest = Sha256.start();
    add(digest, VERSION);
    add(digest, tokenizer.digest());
    add(digest, Integer.toString(tokenizer.endOfText()));
    add(digest, String.valueOf(tokenizer.beginOfText()));
    add(digest, data.format().name());
    add(digest, data.format() == DataFormat.JSONLines ? data.textField() : "");
    addFiles(digest, train);
    addFiles(digest, validation);
    return HexFormat.of().formatHex(digest.digest(), 0, 16);
  }

  private static void addFiles(MessageDigest digest, List<CorpusFile> files) {
    add(digest, Integer.toString(files.size()));
    for (CorpusFile file : files) {
      add(digest, file.name());
      add(digest, file.size() + " " + file.modified());
    }
  }

  /** Ends each entry with a byte that no path holds, so that two listings never run together. */
  private static void add(MessageDigest digest, String entry) {
    digest.update(entry.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }
}
