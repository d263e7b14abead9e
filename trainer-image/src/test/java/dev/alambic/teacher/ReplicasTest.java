package dev.alambic.teacher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicasTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final RetryPolicy POLICY =
      new RetryPolicy(
          Duration.ofSeconds(60),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5));

  private final Replica first = new Replica("a:1", null, 0);
  private final Replica second = new Replica("b:1", null, 0);
  private final Replicas replicas = new Replicas(List.of(first, second), POLICY, 0);

  @Test
  void theyAreAskedInTurn() {
    assertThat(replicas.next(0)).contains(first);
    assertThat(replicas.next(0)).contains(second);
    assertThat(replicas.next(0)).contains(first);
  }

  @Test
  void oneThatFailedRestsAndTheOtherIsAsked() {
    replicas.failed(first, "refused", 0, 0);
    assertThat(replicas.next(0)).contains(second);
    assertThat(replicas.next(SECOND - 1)).contains(second);
    replicas.failed(second, "refused", 0, SECOND / 2);
    assertThat(replicas.next(SECOND - 1)).isEmpty();
    assertThat(replicas.untilRested(SECOND - 1)).isEqualTo(Duration.ofNanos(1));
    assertThat(replicas.next(SECOND)).contains(first);
  }

  @Test
  void restsDoubleUpToTheLargestAndASuccessEndsThem() {
    long now = 0;
    for (int seconds : new int[] {1, 2, 4, 5, 5}) {
      replicas.failed(first, "refused", now, now);
      assertThat(first.restsUntil() - now).isEqualTo(seconds * SECOND);
      now = first.restsUntil();
    }
    replicas.succeeded(first, now);
    replicas.failed(first, "refused", now, now);
    assertThat(first.restsUntil() - now).isEqualTo(SECOND);
  }

  @Test
  void requestsThatFailTogetherCountOnce() {
    replicas.failed(first, "refused", 10, 20);
    replicas.failed(first, "refused", 11, 21);
    assertThat(first.restsUntil()).isEqualTo(20 + SECOND);
  }

  @Test
  void silenceEndsWithAnyAnswerAndStartsWithTheQuestion() {
    assertThat(replicas.silence(5, 30)).isEqualTo(Duration.ofNanos(25));
    replicas.succeeded(second, 20);
    assertThat(replicas.silence(5, 30)).isEqualTo(Duration.ofNanos(10));
    assertThat(replicas.silence(29, 30)).isEqualTo(Duration.ofNanos(1));
  }

  @Test
  void failuresAreToldByEndpoint() {
    replicas.failed(first, "UNAVAILABLE connection refused", 0, 0);
    assertThat(replicas.failures())
        .isEqualTo("a:1: UNAVAILABLE connection refused; b:1: not asked yet");
  }
}
