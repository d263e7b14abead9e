package dev.alambic.teacher;

import io.grpc.ManagedChannel;

/** One endpoint and how it has been doing; guarded by its {@link Replicas}. */
final class Replica {
  private final String endpoint;
  private final ManagedChannel channel;
  private int failures;
  private long penalisedAt;
  private long restsUntil;
  private String lastFailure = "not asked yet";

  Replica(String endpoint, ManagedChannel channel, long now) {
    this.endpoint = endpoint;
    this.channel = channel;
    this.penalisedAt = now;
    this.restsUntil = now;
  }

  String endpoint() {
    return endpoint;
  }

  ManagedChannel channel() {
    return channel;
  }

  long restsUntil() {
    return restsUntil;
  }

  String lastFailure() {
    return lastFailure;
  }

  void succeeded() {
    failures = 0;
  }

  /**
   * Lets it rest. Requests that were under way together fail together: only the first of them,
   * started after the last penalty, counts.
   */
  void failed(String why, long attemptStarted, long now, RetryPolicy policy) {
    lastFailure = why;
    if (attemptStarted - penalisedAt >= 0) {
      failures++;
      penalisedAt = now;
      restsUntil = now + policy.backoff(failures).toNanos();
    }
  }
}
