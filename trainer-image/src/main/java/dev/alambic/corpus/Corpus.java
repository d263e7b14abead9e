package dev.alambic.corpus;

import dev.alambic.corpus.TokenCache.Made;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.io.Mounted;
import dev.alambic.io.Sha256;
import dev.alambic.run.RunSpec;
import dev.alambic.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A corpus, of which so much is tokenised and packed as is asked for.
 *
 * @param train what is trained on
 * @param heldOut what is evaluated on; the same text for everybody who reads the same corpus
 * @param digest SHA-256, in hexadecimal, of the files' names and sizes, of what makes tokens of
 *     them, and of the first window's tokens
 */
public record Corpus(SequenceWindows train, PackedSequences heldOut, String digest) {
  private static final Logger LOG = LoggerFactory.getLogger(Corpus.class);

  /**
   * Opens a corpus: its files are listed, held-out text and the first window are tokenised unless
   * the cache has them.
   *
   * @throws RunException NO_INPUT if there is no corpus; DATA if its text is unusable or a part is
   *     shorter than one sequence; IO if corpus or cache cannot be read or written
   */
  public static Corpus open(RunSpec.Data data, Tokenizer tokenizer, Packing packing) {
    return open(data, tokenizer, packing, TokenCache.MOST_BYTES);
  }

  /** Opens a corpus with a cache of limited size, in bytes. */
  static Corpus open(RunSpec.Data data, Tokenizer tokenizer, Packing packing, long mostBytes) {
    return Background.result(Background.start(() -> openHere(data, tokenizer, packing, mostBytes)));
  }

  private static Corpus openHere(
      RunSpec.Data data, Tokenizer tokenizer, Packing packing, long mostBytes) {
    try {
      requireApart(data);
      CorpusListing listing = CorpusListing.of(data);
      LOG.info("corpus {}", listing.inWords());
      return open(data, listing, tokenizer, packing, mostBytes);
    } catch (IOException e) {
      throw new RunException(
          ExitCode.IO, data.cachePath() + ": cannot keep the tokenised corpus: " + e, e);
    }
  }

  private static Corpus open(
      RunSpec.Data data,
      CorpusListing listing,
      Tokenizer tokenizer,
      Packing packing,
      long mostBytes)
      throws IOException {
    int length = packing.sequenceLength();
    BlockPlan plan = new BlockPlan(listing.train().files(), length, packing.seed());
    String key = listing.key(data, tokenizer, plan, packing);
    TokenCache cache =
        new TokenCache(Path.of(data.cachePath()), key, tokenizer.vocabularySize(), mostBytes);
    cache.deleteAbandoned(Instant.now());
    CorpusReading reading = new CorpusReading(data, tokenizer);
    HeldOutText heldOutText = new HeldOutText(reading, listing, length);
    int[] heldOut = heldOutText.tokens(cache, packing.heldOutTokens());
    Integer begin = tokenizer.beginOfText();
    WindowedText train =
        new WindowedText(reading, plan, heldOutText::isTrainedOn, cache, length, begin);
    requireOne(data, train, heldOut.length, length);
    Made first = train.tokens(0);
    LOG.info(
        "corpus {}: {} documents, {} tokens and {} records without text in the first of {}"
            + " windows; held out: {} documents, {} tokens",
        data.path(),
        first.documents(),
        first.tokens().length,
        first.skipped(),
        plan.windows(),
        heldOutText.documents(),
        heldOut.length);
    String digest = digest(listing.content(data, tokenizer), first.tokens());
    return new Corpus(train, new ArraySequences(heldOut, length, begin), digest);
  }

  private static String digest(String listing, int[] tokens) {
    MessageDigest digest = Sha256.start();
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * tokens.length);
    bytes.asIntBuffer().put(tokens);
    digest.update(listing.getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
    return HexFormat.of().formatHex(digest.digest());
  }

  /** A cache in the corpus would be read as its text the next time. */
  private static void requireApart(RunSpec.Data data) throws IOException {
    Path corpus = Path.of(data.path());
    Path cache = Mounted.writable(Path.of(data.cachePath())).toAbsolutePath();
    for (Path at = cache; at != null; at = at.getParent()) {
      if (Files.exists(at) && Files.exists(corpus) && Files.isSameFile(at, corpus)) {
        throw new RunException(
            ExitCode.DATA,
            "%s: the run's own tokens would lie in the corpus %s: give the run another folder"
                .formatted(data.cachePath(), data.path()));
      }
    }
  }

  /** The sequences of the first window that has some. */
  public PackedSequences sample() {
    long window = 0;
    while (train.count(window) == 0) {
      window++;
    }
    return train.window(window);
  }

  private static void requireOne(
      RunSpec.Data data, WindowedText train, int heldOut, int sequenceLength) {
    long tokens = 0;
    boolean one = false;
    for (long window = 0; window < train.windows() && !one; window++) {
      tokens += train.tokenCount(window);
      one = train.count(window) > 0;
    }
    if (!one) {
      throw tooShort(data.path(), tokens, sequenceLength, "more text");
    }
    if (heldOut <= sequenceLength) {
      boolean split = data.validationPath() == null;
      throw tooShort(
          split ? "the held-out twentieth of " + data.path() : data.validationPath(),
          heldOut,
          sequenceLength,
          split ? "more text, a validation corpus" : "more text");
    }
  }

  private static RunException tooShort(
      String what, long tokens, int sequenceLength, String remedy) {
    return new RunException(
        ExitCode.DATA,
        "%s: its %d tokens are less than one sequence of %d and a label; give %s or a shorter sequence length"
            .formatted(what, tokens, sequenceLength, remedy));
  }
}
