package dev.alambic.bench.collectives;

import java.util.List;

/**
 * What processes measure.
 *
 * @param addresses host:port of each, by rank
 * @param mebibytes of arrays
 * @param rounds of each
 */
record Measurement(List<String> addresses, List<Integer> mebibytes, int rounds) {
  private static final int MEBIBYTE = 1 << 20;

  static int bytes(int mebibytes) {
    return Math.multiplyExact(mebibytes, MEBIBYTE);
  }
}
