package dev.alambic.teacher;

import java.time.Duration;

/**
 * How long a client keeps trying.
 *
 * @param patience time without an answer from any replica after which it gives up
 * @param attempt longest wait for one answer of one replica
 * @param firstBackoff rest of a replica after its first failure; doubles with each further one
 * @param maxBackoff longest rest of a replica
 */
public record RetryPolicy(
    Duration patience, Duration attempt, Duration firstBackoff, Duration maxBackoff) {

  /** Five minutes of patience, two per attempt, rests of 0.1 to 10 s. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(
          Duration.ofMinutes(5),
          Duration.ofMinutes(2),
          Duration.ofMillis(100),
          Duration.ofSeconds(10));

  /** The rest after this many failures in a row. */
  public Duration backoff(int failures) {
    long factor = 1L << Math.min(30, failures - 1);
    Duration rest = firstBackoff.multipliedBy(factor);
    return rest.compareTo(maxBackoff) < 0 ? rest : maxBackoff;
  }
}
