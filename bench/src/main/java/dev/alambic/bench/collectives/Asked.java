package dev.alambic.bench.collectives;

import dev.alambic.bench.nccl.Collective;
import dev.alambic.bench.process.Stopwatch;
import dev.alambic.bench.process.Stopwatch.Pace;
import java.util.List;

/**
 * What processes measure, all at the same time and equally often.
 *
 * @param addresses host:port of each, by rank
 * @param mebibytes of arrays
 * @param rounds of each
 */
record Asked(List<String> addresses, List<Integer> mebibytes, int rounds) {
  static final List<Collective> COLLECTIVES =
      List.of(Collective.ALL_REDUCE, Collective.REDUCE_SCATTER, Collective.ALL_GATHER);

  /** Enough for the compiler, also of small arrays, which come first. */
  private static final int WARM_UP_ROUNDS = 40;

  /**
   * What a process measured.
   *
   * @param seconds of one round, the median, in the order of what was asked
   */
  record Answer(List<Double> seconds) {}

  static int bytes(int mebibytes) {
    return Math.multiplyExact(mebibytes, 1 << 20);
  }

  /** The median time of a round, in seconds. */
  <E extends Exception> double median(Stopwatch.Round<E> round) throws E {
    return Stopwatch.median(new Pace(WARM_UP_ROUNDS, rounds, 0), round);
  }
}
