package dev.alambic.bench.speed;

/**
 * How long is measured: first rounds that don't count, then rounds until both bounds are met.
 *
 * @param warmUpRounds rounds that don't count
 * @param rounds fewest rounds that count
 * @param seconds shortest time for those
 */
record Pace(int warmUpRounds, int rounds, double seconds) {
  static final Pace FULL = new Pace(5, 15, 5);
  static final Pace QUICK = new Pace(1, 2, 0);

  /** A fifth of the time: for work whose rounds are short. */
  Pace brief() {
    return new Pace(warmUpRounds, rounds, seconds / 5);
  }

  /** Whether these rounds and seconds, warm-up left out, are enough. */
  boolean enough(int roundsDone, double secondsDone) {
    return roundsDone >= rounds && secondsDone >= seconds;
  }
}
