package dev.alambic.bench.speed;

import dev.alambic.bench.report.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Times rounds that follow each other, the warm-up's not. */
final class Stopwatch {
  private final Pace pace;
  private final LongSupplier nanoClock;
  private final List<Double> seconds = new ArrayList<>();
  private int begun;
  private long last;
  private double total;

  Stopwatch(Pace pace, LongSupplier nanoClock) {
    this.pace = pace;
    this.nanoClock = nanoClock;
  }

  /**
   * Called where one round ends and the next begins, and before the first.
   *
   * @return whether there is enough
   */
  boolean next() {
    long now = nanoClock.getAsLong();
    if (begun > pace.warmUpRounds()) {
      double round = (now - last) / 1e9;
      seconds.add(round);
      total += round;
    }
    begun++;
    last = now;
    return pace.enough(seconds.size(), total);
  }

  /** The median round, in seconds. */
  double median() {
    return Numbers.median(seconds.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** The median time of a piece of work, in seconds. */
  static double median(Pace pace, Runnable work) {
    Stopwatch watch = new Stopwatch(pace, System::nanoTime);
    while (!watch.next()) {
      work.run();
    }
    return watch.median();
  }
}
