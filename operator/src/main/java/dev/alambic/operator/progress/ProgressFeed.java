package dev.alambic.operator.progress;

import dev.alambic.run.Progress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The latest progress of every running trainer. Trainers are asked in turn, many at a time and none
 * twice at once, and each answer has a time limit, so that a slow pod delays no other job. A
 * trainer that is no longer followed is forgotten.
 *
 * @param <K> what identifies a job
 */
public final class ProgressFeed<K> {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressFeed.class);
  private static final Duration TICK = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MOST_IN_FLIGHT = 64;

  /** Between two questions to a trainer that has answered. */
  static final Duration INTERVAL = Duration.ofSeconds(10);

  /** Between two questions to one that has not answered yet. */
  static final Duration FIRST_INTERVAL = Duration.ofSeconds(2);

  /** A trainer without a query for this long is forgotten. */
  static final Duration FORGET = Duration.ofMinutes(5);

  private final ProgressReader reader;
  private final InstantSource clock;
  private final Consumer<K> news;
  private final Map<K, Followed> followed = new ConcurrentHashMap<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final ScheduledExecutorService timer;

  /** A feed that reads over HTTP; {@code news} gets the job whose progress is new. */
  public static <K> ProgressFeed<K> overHttp(Consumer<K> news) {
    ProgressFeed<K> feed =
        new ProgressFeed<>(new ProgressClient(PATIENCE), InstantSource.system(), news);
    feed.start();
    return feed;
  }

  ProgressFeed(ProgressReader reader, InstantSource clock, Consumer<K> news) {
    this.reader = reader;
    this.clock = clock;
    this.news = news;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "progress");
              thread.setDaemon(true);
              return thread;
            });
  }

  private void start() {
    var unused =
        timer.scheduleWithFixedDelay(
            this::askThoseDue, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What this trainer last answered, if it has; it is asked again and again from now on. */
  public Optional<Progress> follow(K job, TrainerAddress trainer) {
    Followed entry =
        followed.compute(
            job,
            (key, before) ->
                before != null && before.trainer.equals(trainer)
                    ? before
                    : new Followed(trainer, clock.instant()));
    entry.wantedAt = clock.instant();
    return Optional.ofNullable(entry.latest);
  }

  /** No trainer of this job runs. */
  public void forget(K job) {
    followed.remove(job);
  }

  /** Trainers that are followed. */
  int size() {
    return followed.size();
  }

  /** Asks every trainer that is due, as long as there is room. */
  void askThoseDue() {
    Instant now = clock.instant();
    followed.values().removeIf(entry -> entry.wantedAt.plus(FORGET).isBefore(now));
    followed.forEach(
        (job, entry) -> {
          if (!entry.asked && !entry.due.isAfter(now) && inFlight.get() < MOST_IN_FLIGHT) {
            ask(job, entry);
          }
        });
  }

  private void ask(K job, Followed entry) {
    entry.asked = true;
    inFlight.incrementAndGet();
    var unused =
        reader
            .read(entry.trainer.uri())
            .whenComplete((progress, failure) -> answered(job, entry, progress, failure));
  }

  private void answered(K job, Followed entry, Progress progress, Throwable failure) {
    inFlight.decrementAndGet();
    boolean changed = progress != null && !progress.equals(entry.latest);
    if (progress != null) {
      entry.latest = progress;
    } else {
      LOG.debug("no progress of {} from {}: {}", job, entry.trainer.uri(), failure.toString());
    }
    entry.due = clock.instant().plus(entry.latest == null ? FIRST_INTERVAL : INTERVAL);
    entry.asked = false;
    if (changed && followed.get(job) == entry) {
      news.accept(job);
    }
  }

  private static final class Followed {
    final TrainerAddress trainer;
    volatile Progress latest;
    volatile Instant wantedAt;
    volatile Instant due = Instant.EPOCH;
    volatile boolean asked;

    Followed(TrainerAddress trainer, Instant now) {
      this.trainer = trainer;
      this.wantedAt = now;
    }
  }
}
