package dev.alambic.bench.collectives;

import dev.alambic.bench.report.Numbers;
import java.util.List;

/**
 * What a process measured.
 *
 * @param seconds of one round, the median, in the order of what was asked
 */
record Timings(List<Double> seconds) {
  /** Enough for the compiler, also of small arrays, which come first. */
  private static final int WARM_UP_ROUNDS = 40;

  /** What all processes do at the same time, equally often. */
  interface Round {
    void run() throws Exception;
  }

  /** The median time of a round, in seconds. */
  static double median(int rounds, Round round) throws Exception {
    double[] seconds = new double[rounds];
    for (int i = -WARM_UP_ROUNDS; i < rounds; i++) {
      long begin = System.nanoTime();
      round.run();
      if (i >= 0) {
        seconds[i] = (System.nanoTime() - begin) / 1e9;
      }
    }
    return Numbers.median(seconds);
  }
}
