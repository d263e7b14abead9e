package dev.alambic.data;

import dev.alambic.run.ExitCode;
import dev.alambic.run.RunException;
import dev.alambic.run.RunSpec;
import dev.alambic.volume.Mounted;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokenises a corpus once and keeps it in the cache folder, under a name made of all that decides
 * the tokens: tokenizer, format, and name, size and modification time of every file. It is written
 * aside and renamed, so processes that build it at the same time do no harm: each renames a good
 * file over another.
 */
final class TokenStore {
  private static final Logger LOG = LoggerFactory.getLogger(TokenStore.class);

  private static final Duration ABANDONED = Duration.ofDays(1);

  private final RunSpec.Data data;
  private final Tokenizer tokenizer;
  private final Path cache;

  TokenStore(RunSpec.Data data, Tokenizer tokenizer) {
    this.data = data;
    this.tokenizer = tokenizer;
    this.cache = Path.of(data.cachePath());
  }

  /**
   * The tokenised corpus, from the cache if it is there and good.
   *
   * @throws RunException NO_INPUT if there is no corpus; DATA if its text is unusable; IO if corpus
   *     or cache cannot be read or written, or a file changed while it was read
   */
  TokenFile.Mapped open() {
    CorpusListing listing = CorpusListing.of(data);
    LOG.info("corpus {}", listing.inWords());
    Path file = cache.resolve(listing.key(data, tokenizer) + ".tokens");
    try {
      Files.createDirectories(Mounted.writable(cache));
      Mounted.writable(file);
      return openOrBuild(listing, file);
    } catch (IOException e) {
      throw new RunException(ExitCode.IO, cache + ": cannot keep the tokenised corpus: " + e, e);
    }
  }

  private TokenFile.Mapped openOrBuild(CorpusListing listing, Path file) throws IOException {
    try {
      return TokenFile.map(file);
    } catch (NoSuchFileException e) {
      LOG.info("{}: tokenising into {}", data.path(), file);
    } catch (TokenFile.DamagedException e) {
      LOG.warn("{}: {}; tokenising again", file, e.getMessage());
    }
    build(listing, file);
    return TokenFile.map(file);
  }

  private void build(CorpusListing listing, Path file) throws IOException {
    String aside = file.getFileName() + "." + UUID.randomUUID();
    Path train = cache.resolve(aside + ".tmp");
    Path heldOut = cache.resolve(aside + ".held-out.tmp");
    try {
      write(listing, train, heldOut);
      requireUnchanged(listing);
      Files.move(train, file, StandardCopyOption.ATOMIC_MOVE);
      deleteAbandoned(Files.getLastModifiedTime(file));
    } finally {
      Files.deleteIfExists(train);
      Files.deleteIfExists(heldOut);
    }
  }

  private void write(CorpusListing listing, Path trainFile, Path heldOutFile) throws IOException {
    int width = TokenFile.width(tokenizer.vocabularySize());
    try (FileChannel train = create(trainFile);
        FileChannel heldOut = create(heldOutFile)) {
      train.position(TokenFile.HEADER);
      TokenWriter trainOut = new TokenWriter(train, width);
      TokenWriter heldOutOut = new TokenWriter(heldOut, width);
      PartTokens trainPart = new PartTokens(tokenizer, trainOut::write);
      PartTokens heldOutPart = new PartTokens(tokenizer, heldOutOut::write);
      tokenise(listing, trainPart, heldOutPart);
      trainPart.finish();
      heldOutPart.finish();
      TokenFile file = new TokenFile(width, trainOut.finish(), heldOutOut.finish());
      append(heldOut, train);
      file.writeHeader(train);
      train.force(true);
    }
  }

  private void requireUnchanged(CorpusListing listing) {
    String changed = listing.firstDifference(CorpusListing.of(data));
    if (changed != null) {
      throw new RunException(
          ExitCode.IO,
          data.path() + ": " + changed + " changed while the corpus was tokenised; start again");
    }
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private void tokenise(CorpusListing listing, PartTokens train, PartTokens heldOut)
      throws IOException {
    Path path = Path.of(data.path());
    if (data.validationPath() == null) {
      HeldOutSplit split = new HeldOutSplit();
      tokenise(
          path,
          listing.train().files(),
          (passage, end) -> split.heldOut(passage, end) ? heldOut : train);
    } else {
      tokenise(path, listing.train().files(), (passage, end) -> train);
      tokenise(
          Path.of(data.validationPath()), listing.validation().files(), (passage, end) -> heldOut);
    }
  }

  /** Says which part a passage belongs to. */
  private interface Route {
    PartTokens of(Passage passage, boolean end);
  }

  private void tokenise(Path path, List<CorpusFile> files, Route route) throws IOException {
    try (Passages passages = Passages.of(path, files, data.format(), data.textField())) {
      while (passages.hasNext()) {
        Passage passage = passages.next();
        route.of(passage, !passages.hasNext()).add(passage);
      }
    }
  }

  private static void append(FileChannel from, FileChannel to) throws IOException {
    long size = from.size();
    for (long done = 0; done < size; ) {
      done += from.transferTo(done, size - done, to);
    }
  }

  /** Removes what processes that were killed have left behind. */
  private void deleteAbandoned(FileTime now) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(cache, "*.tmp")) {
      for (Path file : files) {
        deleteIfAbandoned(file, now);
      }
    }
  }

  private static void deleteIfAbandoned(Path file, FileTime now) throws IOException {
    try {
      FileTime modified = Files.getLastModifiedTime(file);
      if (modified.toInstant().plus(ABANDONED).isBefore(now.toInstant())) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      LOG.debug("{}: another process has just finished with it", file);
    }
  }
}
