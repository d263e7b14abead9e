package dev.alambic.teacher.openai;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/** Time and chance, as retries need them. */
interface Timing {
  /** A clock that only goes forward, in nanoseconds. */
  long nanos();

  /** The time of day, for servers that name one. */
  Instant now();

  /** From 0 to 1. */
  double chance();

  void sleep(Duration time) throws InterruptedException;

  /** Those of this machine. */
  Timing SYSTEM =
      new Timing() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public Instant now() {
          return Instant.now();
        }

        @Override
        public double chance() {
          return ThreadLocalRandom.current().nextDouble();
        }

        @Override
        public void sleep(Duration time) throws InterruptedException {
          Thread.sleep(time.toMillis());
        }
      };
}
