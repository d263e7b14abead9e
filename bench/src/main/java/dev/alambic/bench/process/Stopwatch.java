package dev.alambic.bench.process;

import dev.alambic.bench.report.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Times rounds that follow each other, the warm-up's not. */
public final class Stopwatch {
  private final Pace pace;
  private final LongSupplier nanoClock;
  private final List<Double> seconds = new ArrayList<>();
  private int begun;
  private long last;
  private double total;

  /**
   * How long is measured.
   *
   * @param warmUpRounds that do not count
   * @param rounds fewest that count
   * @param seconds shortest time for those
   */
  public record Pace(int warmUpRounds, int rounds, double seconds) {}

  /** What is timed. */
  public interface Round<E extends Exception> {
    /** Does it once. */
    void run() throws E;
  }

  /** A watch that reads a clock of nanoseconds. */
  public Stopwatch(Pace pace, LongSupplier nanoClock) {
    this.pace = pace;
    this.nanoClock = nanoClock;
  }

  /**
   * Called where one round ends and the next begins, and before the first.
   *
   * @return whether there is enough
   */
  public boolean next() {
    long now = nanoClock.getAsLong();
    if (begun > pace.warmUpRounds()) {
      double round = (now - last) / 1e9;
      seconds.add(round);
      total += round;
    }
    begun++;
    last = now;
    return seconds.size() >= pace.rounds() && total >= pace.seconds();
  }

  /** The median round, in seconds. */
  public double median() {
    return Numbers.median(seconds, Double::doubleValue);
  }

  /** The median time of a piece of work, in seconds; fails as that does. */
  public static <E extends Exception> double median(Pace pace, Round<E> work) throws E {
    Stopwatch watch = new Stopwatch(pace, System::nanoTime);
    while (!watch.next()) {
      work.run();
    }
    return watch.median();
  }
}
