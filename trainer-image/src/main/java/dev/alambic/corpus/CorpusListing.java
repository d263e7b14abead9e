package dev.alambic.corpus;

import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.corpus.text.CorpusFile;
import dev.alambic.corpus.text.DownloadedFolder;
import dev.alambic.corpus.text.FoundFiles;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.io.Sha256;
import dev.alambic.run.RunSpec;
import dev.alambic.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/**
 * The files of a corpus as they are at one moment.
 *
 * @param train what is trained on: the files of its path that are of its format and not held out
 * @param validation the files of its validation path, or null if it has none
 */
public record CorpusListing(FoundFiles train, FoundFiles validation) {
  /** Changes whenever the same files would give other tokens. */
  private static final String VERSION = "alambic tokens 3";

  /**
   * Lists a corpus.
   *
   * @throws RunException NO_INPUT if a path is not there; DATA if there is no file to read; IO if
   *     one cannot be read
   */
  public static CorpusListing of(RunSpec.Data data) {
    FoundFiles train = files(data.path(), data.format());
    if (data.validationPath() == null) {
      return new CorpusListing(train, null);
    }
    FoundFiles validation = files(data.validationPath(), data.format());
    return new CorpusListing(apart(train, validation), validation);
  }

  private static FoundFiles files(String path, DataFormat format) {
    return DownloadedFolder.only(FoundFiles.at(Path.of(path)), format).requireSome();
  }

  private static FoundFiles apart(FoundFiles train, FoundFiles validation) {
    try {
      FoundFiles apart = train.without(validation);
      if (apart.files().isEmpty()) {
        throw new RunException(
            ExitCode.DATA,
            "data.validationUri: %s has every file of data.uri, %s: nothing is left to train on"
                .formatted(validation.path(), train.path()));
      }
      return apart;
    } catch (IOException e) {
      throw new RunException(ExitCode.IO, train.path() + ": cannot be read: " + e, e);
    }
  }

  /** What is read and what is not, in a line. */
  public String inWords() {
    return validation == null
        ? inWords(train)
        : inWords(train) + "; held out: " + inWords(validation);
  }

  private static String inWords(FoundFiles found) {
    String out = found.leftOut().isEmpty() ? "" : "; left out: " + found.leftOutInWords();
    return "%s: %d files, %d bytes%s"
        .formatted(found.path(), found.files().size(), found.size(), out);
  }

  /** The files that held-out text is in: a corpus of its own, or a part of the one there is. */
  FoundFiles heldOut() {
    return validation == null ? train : validation;
  }

  /** A name for the tokens: a digest of all that decides them and their order on disk. */
  String key(RunSpec.Data data, Tokenizer tokenizer, BlockPlan plan, Packing packing) {
    MessageDigest digest = started(data, tokenizer);
    addFiles(digest, train.files(), true);
    addFiles(digest, heldOut().files(), true);
    add(digest, String.valueOf(data.onBadRecord()));
    add(digest, plan.shape());
    if (plan.windows() > 1) {
      add(digest, Long.toString(packing.seed()));
    }
    add(digest, new BlockPlan(heldOut().files(), packing.sequenceLength(), 0).shape());
    return HexFormat.of().formatHex(digest.digest(), 0, 16);
  }

  /** A digest of what the tokens are made of, the same for a copy elsewhere. */
  String content(RunSpec.Data data, Tokenizer tokenizer) {
    MessageDigest digest = started(data, tokenizer);
    addFiles(digest, train.files(), false);
    addFiles(digest, heldOut().files(), false);
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest started(RunSpec.Data data, Tokenizer tokenizer) {
    MessageDigest digest = Sha256.start();
    add(digest, VERSION);
    add(digest, tokenizer.digest());
    add(digest, Integer.toString(tokenizer.endOfText()));
    add(digest, String.valueOf(tokenizer.beginOfText()));
    add(digest, data.format().name());
    add(digest, data.format() == DataFormat.JSONLines ? data.textField() : "");
    return digest;
  }

  private static void addFiles(MessageDigest digest, List<CorpusFile> files, boolean withTime) {
    add(digest, Integer.toString(files.size()));
    for (CorpusFile file : files) {
      add(digest, file.name());
      add(digest, file.size() + (withTime ? " " + file.modified() : ""));
    }
  }

  /** Ends each entry with a byte that no path holds, so that two listings never run together. */
  private static void add(MessageDigest digest, String entry) {
    digest.update(entry.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }
}
