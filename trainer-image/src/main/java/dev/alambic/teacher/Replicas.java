package dev.alambic.teacher;

import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The replicas of one teacher, asked in turn; one that has failed rests for a while. */
final class Replicas {
  private final List<Replica> replicas;
  private final RetryPolicy policy;
  private int turn;
  private long lastAnswer;

  Replicas(List<Replica> replicas, RetryPolicy policy, long now) {
    this.replicas = List.copyOf(replicas);
    this.policy = policy;
    this.lastAnswer = now;
  }

  /** The next one in turn that doesn't rest; empty if all do. */
  synchronized Optional<Replica> next(long now) {
    for (int i = 0; i < replicas.size(); i++) {
      Replica candidate = replicas.get(Math.floorMod(turn++, replicas.size()));
      if (candidate.restsUntil() - now <= 0) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /** Time until the first one has rested. */
  synchronized Duration untilRested(long now) {
    long least = replicas.stream().mapToLong(r -> r.restsUntil() - now).min().orElse(0);
    return Duration.ofNanos(Math.max(0, least));
  }

  synchronized void succeeded(Replica replica, long now) {
    replica.succeeded();
    lastAnswer = now;
  }

  synchronized void failed(Replica replica, String why, long attemptStarted, long now) {
    replica.failed(why, attemptStarted, now, policy);
  }

  /** Time since the last good answer of any replica, or since {@code start} if that is less. */
  synchronized Duration silence(long start, long now) {
    return Duration.ofNanos(Math.min(now - start, now - lastAnswer));
  }

  /** Each replica's last failure, for people. */
  synchronized String failures() {
    return replicas.stream()
        .map(replica -> replica.endpoint() + ": " + replica.lastFailure())
        .collect(Collectors.joining("; "));
  }

  /** Ends all calls, and waits until their callbacks have been handed over. */
  void close() {
    replicas.stream().map(Replica::channel).forEach(ManagedChannel::shutdownNow);
    try {
      for (Replica replica : replicas) {
        var unused = replica.channel().awaitTermination(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
