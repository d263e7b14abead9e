package dev.alambic.data;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.alambic.run.ExitCode;
import dev.alambic.run.RunException;
import dev.alambic.volume.Mounted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The tokenizer of a Hugging Face folder, run by Hugging Face's own native library. Text is never
 * truncated or padded and no special token is added; a special token written out in the text is
 * read as that token, as transformers does. Safe for use by several threads until it is closed.
 *
 * <p>This calls DJL's binding below its {@code HuggingFaceTokenizer}, which cuts text at 512 tokens
 * unless told otherwise, reports each start to DJL's telemetry, and makes Java objects of every
 * token's text and position only to drop them.
 */
public final class Tokenizer implements AutoCloseable {
  static final String FILE = "tokenizer.json";

  /**
   * Most characters that the native library gets at once: it takes 280 bytes for each. Longer text
   * is cut at a line break.
   */
  static final int PIECE = 1 << 16;

  /** Gemma 3's, the largest known, has 33 MB. */
  private static final long LARGEST_FILE = 1L << 26;

  static {
    // Where DJL sees a GPU it would download a CUDA build, which is no faster at this.
    if (System.getenv("RUST_FLAVOR") == null && System.getProperty("RUST_FLAVOR") == null) {
      System.setProperty("RUST_FLAVOR", "cpu");
    }
    LibUtils.checkStatus();
  }

  private final TokenizerDescription description;
  private long handle;

  private Tokenizer(TokenizerDescription description, long handle) {
    this.description = description;
    this.handle = handle;
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
    return new Tokenizer(description, create(file, json));
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

  private static long create(Path file, byte[] json) {
    TokenizersLibrary library = TokenizersLibrary.LIB;
    try {
      String text = new String(json, StandardCharsets.UTF_8);
      long handle = library.createTokenizerFromString(text);
      library.disableTruncation(handle);
      library.disablePadding(handle);
      return handle;
    } catch (RuntimeException e) {
      throw new RunException(ExitCode.DATA, file + ": not a tokenizer: " + e.getMessage(), e);
    }
  }

  /** Encodes a text: [tokens]. An unpaired surrogate becomes U+FFFD. */
  public int[] encode(String text) {
    if (text.length() <= PIECE) {
      return encodePiece(text);
    }
    int[] ids = new int[text.length() / 3];
    int length = 0;
    for (int from = 0; from < text.length(); ) {
      int to = pieceEnd(text, from);
      int[] piece = encodePiece(text.substring(from, to));
      if (length + piece.length > ids.length) {
        ids = Arrays.copyOf(ids, Math.max(2 * ids.length, length + piece.length));
      }
      System.arraycopy(piece, 0, ids, length, piece.length);
      length += piece.length;
      from = to;
    }
    return Arrays.copyOf(ids, length);
  }

  /** Encodes a text as a document starts: after the family's begin of text, if it has one. */
  public int[] encodeText(String text) {
    int[] ids = encode(text);
    Integer begin = beginOfText();
    if (begin == null || (ids.length > 0 && ids[0] == begin)) {
      return ids;
    }
    int[] all = new int[ids.length + 1];
    all[0] = begin;
    System.arraycopy(ids, 0, all, 1, ids.length);
    return all;
  }

  /** Encodes texts on all processors: one array of tokens per text, in order. */
  public List<int[]> encode(List<String> texts) {
    return texts.parallelStream().map(this::encode).toList();
  }

  private static int pieceEnd(String text, int from) {
    int end = Math.min(text.length(), from + PIECE);
    if (end == text.length()) {
      return end;
    }
    int line = text.lastIndexOf('\n', end - 1);
    if (line > from) {
      return line + 1;
    }
    return Character.isLowSurrogate(text.charAt(end)) ? end - 1 : end;
  }

  private int[] encodePiece(String text) {
    TokenizersLibrary library = TokenizersLibrary.LIB;
    long encoding = library.encode(open(), withoutUnpairedSurrogates(text), false);
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
    if (handle != 0) {
      TokenizersLibrary.LIB.deleteTokenizer(handle);
      handle = 0;
    }
  }
}
