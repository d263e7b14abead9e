package dev.alambic.bench.fuzz;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * A parser under test.
 *
 * @param name for the table and for {@code --parser}
 * @param seeds sound inputs
 * @param words of the format
 * @param reader hands an input to the parser
 * @param refusal the exception that the parser documents for bad input
 * @param sealing sets an input's checksums right, so that half of the damage gets past them
 * @param share one input for it, for this number of a cheap parser
 */
record Target(
    String name,
    List<byte[]> seeds,
    List<String> words,
    Reader reader,
    Class<? extends Exception> refusal,
    UnaryOperator<byte[]> sealing,
    int share) {
  /** No refusal is longer, in characters: what comes from the input is cut. */
  private static final int LONGEST_MESSAGE = 2_000;

  /** Lines and control characters could forge log lines or steer a terminal. */
  private static final Pattern UNPRINTABLE = Pattern.compile("\\p{Cc}");

  /** Hands an input to the parser. */
  interface Reader {
    void read(byte[] input) throws Exception;
  }

  /** A cheap parser of a format without checksums. */
  static Target of(
      String name,
      List<byte[]> seeds,
      List<String> words,
      Class<? extends Exception> refusal,
      Reader reader) {
    return new Target(name, seeds, words, reader, refusal, input -> input, 1);
  }

  /** The same with checksums that can be set right. */
  Target sealedBy(UnaryOperator<byte[]> seal) {
    return new Target(name, seeds, words, reader, refusal, seal, share);
  }

  /** The same, tried on one input for every {@code fewer} of a cheap parser. */
  Target dear(int fewer) {
    return new Target(name, seeds, words, reader, refusal, sealing, fewer);
  }

  /**
   * Why what the parser threw is a crash; null if it is a refusal as documented, in words that a
   * user can read.
   */
  String crash(Throwable thrown) {
    if (!refusal.isInstance(thrown)) {
      StackTraceElement[] trace = thrown.getStackTrace();
      return thrown + (trace.length == 0 ? "" : " at " + trace[0]);
    }
    String message = thrown.getMessage();
    if (message == null || message.isBlank()) {
      return "a refusal without a reason: " + thrown;
    }
    if (message.length() > LONGEST_MESSAGE) {
      return "a refusal of " + message.length() + " characters";
    }
    return UNPRINTABLE.matcher(message).find()
        ? "a refusal with control characters: " + UNPRINTABLE.matcher(message).replaceAll("?")
        : null;
  }
}
