package dev.alambic.bench.fuzz;

import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A parser under test.
 *
 * @param name for the table and for {@code --parser}
 * @param seeds sound inputs
 * @param words of the format
 * @param reader hands an input to the parser
 * @param refusals exceptions that the parser documents for bad input
 * @param sealing sets an input's checksums right, so that half of the damage gets past them
 * @param share one input for it, for this number of a cheap parser
 */
record Target(
    String name,
    List<byte[]> seeds,
    List<String> words,
    Reader reader,
    Set<Class<? extends Exception>> refusals,
    UnaryOperator<byte[]> sealing,
    int share) {

  /** Hands an input to the parser. */
  interface Reader {
    void read(byte[] input) throws Exception;
  }

  Target {
    seeds = List.copyOf(seeds);
    words = List.copyOf(words);
    refusals = Set.copyOf(refusals);
  }

  /** A cheap parser of a format without checksums. */
  static Target of(
      String name,
      List<byte[]> seeds,
      List<String> words,
      Class<? extends Exception> refusal,
      Reader reader) {
    return new Target(name, seeds, words, reader, Set.of(refusal), null, 1);
  }

  /** The same with checksums that can be set right. */
  Target sealedBy(UnaryOperator<byte[]> seal) {
    return new Target(name, seeds, words, reader, refusals, seal, share);
  }

  /** The same, tried on one input for every {@code fewer} of a cheap parser. */
  Target dear(int fewer) {
    return new Target(name, seeds, words, reader, refusals, sealing, fewer);
  }

  boolean refusesWith(Throwable thrown) {
    return refusals.stream().anyMatch(refusal -> refusal.isInstance(thrown));
  }
}
