package dev.alambic.tokenizer;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.io.Mounted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/**
 * The tokenizer of a Hugging Face folder, run by Hugging Face's own native library. Text is never
 * truncated or padded and its post-processor adds no special token; a special token written out in
 * the text is read as that token, as transformers does. Safe for use by several threads until it is
 * closed.
 *
 * <p>This calls DJL's binding below its {@code HuggingFaceTokenizer}, which cuts text at 512 tokens
 * unless told otherwise, reports each start to DJL's telemetry, and makes Java objects of every
 * token's text and position only to drop them.
 */
public final class Tokenizer implements AutoCloseable {
  static final String FILE = "tokenizer.json";

  /**
   * Most characters that the native library gets at once: it takes 280 bytes for each. Longer text
   * is cut where that changes no token.
   */
  public static final int PIECE = 1 << 16;

  /** Gemma 3's, the largest known, has 33 MB. */
  private static final long LARGEST_FILE = 1L << 26;

  static {
    // Where DJL sees a GPU it would download a CUDA build, which is not faster at this.
    if (System.getenv("RUST_FLAVOR") == null && System.getProperty("RUST_FLAVOR") == null) {
      System.setProperty("RUST_FLAVOR", "cpu");
    }
    LibUtils.checkStatus();
  }

  private final TokenizerDescription description;
  private final ReadWriteLock open = new ReentrantReadWriteLock();
  private final boolean hasPrefix;
  private long handle;
  private long withoutPrefix;

  /** A tokenizer of native handles; {@code withoutPrefix} is 0 if it puts nothing in front. */
  private Tokenizer(TokenizerDescription description, long handle, long withoutPrefix) {
    this.description = description;
    this.handle = handle;
    this.withoutPrefix = withoutPrefix;
    this.hasPrefix = withoutPrefix != 0;
  }

  /**
   * Loads the tokenizer of a Hugging Face folder: {@code tokenizer.json}, and begin and end of text
   * from {@code tokenizer_config.json} or {@code generation_config.json} if they name them.
   *
   * @throws RunException NO_INPUT if there is no {@code tokenizer.json}; DATA if it is damaged or
   *     nothing says which token ends a text; IO if it cannot be read
   */
  public static Tokenizer load(Path folder) {
    Path file = folder.resolve(FILE);
    byte[] json = read(file);
    TokenizerDescription description = TokenizerDescription.of(folder, json);
    String text = new String(json, StandardCharsets.UTF_8);
    return new Tokenizer(description, create(file, text), createWithoutPrefix(file, text));
  }

  static byte[] read(Path file) {
    try {
      if (Files.size(Mounted.readable(file)) > LARGEST_FILE) {
        throw new RunException(ExitCode.DATA, file + ": larger than any tokenizer");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new RunException(
          ExitCode.NO_INPUT, file + ": not found; a model's folder has its tokenizer in it", e);
    } catch (IOException e) {
      throw new RunException(ExitCode.IO, file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static long createWithoutPrefix(Path file, String json) {
    try {
      String prefixless = PrefixlessTokenizer.of(json).orElse(null);
      return prefixless == null ? 0 : create(file, prefixless);
    } catch (IOException e) {
      throw TokenizerDescription.damaged(file, e);
    }
  }

  private static long create(Path file, String json) {
    TokenizersLibrary library = TokenizersLibrary.LIB;
    try {
      long handle = library.createTokenizerFromString(json);
      library.disableTruncation(handle);
      library.disablePadding(handle);
      return handle;
    } catch (RuntimeException e) {
      throw new RunException(ExitCode.DATA, file + ": not a tokenizer: " + e.getMessage(), e);
    }
  }

  /**
   * Encodes text that continues other text: [tokens]. Nothing is put in front of it, neither a
   * begin of text nor the space of SentencePiece's families. An unpaired surrogate becomes U+FFFD.
   */
  public int[] encode(String text) {
    return text.length() <= PIECE ? goingOn(text) : inPieces(text, this::goingOn);
  }

  /**
   * Encodes a text from its start: what the family puts in front of one, its begin of text and its
   * space, and then the text.
   */
  public int[] encodeText(String text) {
    int[] ids = text.length() <= PIECE ? starting(text) : inPieces(text, this::starting);
    Integer begin = beginOfText();
    if (begin == null || (ids.length > 0 && ids[0] == begin)) {
      return ids;
    }
    int[] all = new int[ids.length + 1];
    all[0] = begin;
    System.arraycopy(ids, 0, all, 1, ids.length);
    return all;
  }

  /** Encodes pieces on all processors: one array of tokens for each, in order. */
  public List<int[]> encode(List<TextPiece> pieces) {
    return pieces.parallelStream()
        .map(piece -> piece.starts() ? starting(piece.text()) : goingOn(piece.text()))
        .toList();
  }

  /** Where a text can be cut without changing its tokens. */
  public TextCut cut() {
    return new TextCut(this::goingOn);
  }

  private int[] inPieces(String text, Function<String, int[]> first) {
    IntList ids = new IntList(text.length() / 3);
    TextCut cut = cut();
    StringBuilder rest = new StringBuilder(text);
    for (boolean starts = true; !rest.isEmpty(); starts = false) {
      int length = rest.length() <= PIECE ? rest.length() : cut.length(rest, PIECE);
      String piece = rest.substring(0, length);
      ids.add(starts ? first.apply(piece) : goingOn(piece));
      rest.delete(0, length);
    }
    return ids.toArray();
  }

  private int[] starting(String text) {
    return encode(true, text);
  }

  /**
   * After a special token that is written out in the text, the tokenizer itself decides what stands
   * in front of the next word: so from there on its own tokens are taken.
   */
  private int[] goingOn(String text) {
    if (!hasPrefix) {
      return starting(text);
    }
    int[] ids = encode(false, text);
    int special = firstAdded(ids);
    if (special == ids.length) {
      return ids;
    }
    int[] own = starting(text);
    int from = firstAdded(own);
    int[] joined = Arrays.copyOf(ids, special + own.length - from);
    System.arraycopy(own, from, joined, special, own.length - from);
    return joined;
  }

  private int firstAdded(int[] ids) {
    int at = 0;
    while (at < ids.length && !description.added().get(ids[at])) {
      at++;
    }
    return at;
  }

  /** Text is tokenised ahead in the background: closing waits for what is in the library. */
  private int[] encode(boolean prefix, String text) {
    open.readLock().lock();
    try {
      long whole = open();
      return encode(prefix ? whole : withoutPrefix, text);
    } finally {
      open.readLock().unlock();
    }
  }

  private static int[] encode(long tokenizer, String text) {
    TokenizersLibrary library = TokenizersLibrary.LIB;
    long encoding = library.encode(tokenizer, withoutUnpairedSurrogates(text), false);
    try {
      long[] ids = library.getTokenIds(encoding);
      int[] narrow = new int[ids.length];
      for (int i = 0; i < ids.length; i++) {
        narrow[i] = (int) ids[i];
      }
      return narrow;
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  /** With one in it, the binding reads every other pair as six replacement characters. */
  private static String withoutUnpairedSurrogates(String text) {
    if (text.codePoints().noneMatch(Tokenizer::isSurrogate)) {
      return text;
    }
    return text.codePoints()
        .map(codePoint -> isSurrogate(codePoint) ? 0xFFFD : codePoint)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean isSurrogate(int codePoint) {
    return Character.getType(codePoint) == Character.SURROGATE;
  }

  /** Decodes tokens, special ones too; bytes that are not UTF-8 become U+FFFD. */
  public String decode(int[] ids) {
    return TokenizersLibrary.LIB.decode(open(), Arrays.stream(ids).asLongStream().toArray(), false);
  }

  /** One more than the largest id; a model's embedding may have more rows. */
  public int vocabularySize() {
    return description.vocabularySize();
  }

  /** The token that ends a document. */
  public int endOfText() {
    return description.endOfText();
  }

  /** The token that the family starts every text with, or null if it has none. */
  public Integer beginOfText() {
    return description.beginOfText();
  }

  /** SHA-256 of {@code tokenizer.json}, in hexadecimal. */
  public String digest() {
    return description.digest();
  }

  private long open() {
    if (handle == 0) {
      throw new IllegalStateException("the tokenizer is closed");
    }
    return handle;
  }

  @Override
  public void close() {
    open.writeLock().lock();
    try {
      if (handle != 0) {
        TokenizersLibrary.LIB.deleteTokenizer(handle);
        handle = 0;
      }
      if (withoutPrefix != 0) {
        TokenizersLibrary.LIB.deleteTokenizer(withoutPrefix);
        withoutPrefix = 0;
      }
    } finally {
      open.writeLock().unlock();
    }
  }
}
