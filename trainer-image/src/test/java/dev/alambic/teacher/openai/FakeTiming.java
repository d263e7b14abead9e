package dev.alambic.teacher.openai;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/** Time that passes only in pauses, which are kept. */
final class FakeTiming implements Timing {
  static final Instant START = Instant.parse("2024-05-01T12:00:00Z");

  final List<Duration> pauses = new CopyOnWriteArrayList<>();
  private final Random random = new Random(1);
  private long nanos;

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  @Override
  public Instant now() {
    return START.plusNanos(nanos());
  }

  @Override
  public synchronized double chance() {
    return random.nextDouble();
  }

  @Override
  public synchronized void sleep(Duration time) {
    pauses.add(time);
    nanos += time.toNanos();
  }
}
