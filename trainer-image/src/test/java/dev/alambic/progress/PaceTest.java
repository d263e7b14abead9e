package dev.alambic.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
  private final Pace pace = new Pace();

  @Test
  void oneMarkSaysNothing() {
    assertThat(pace.tokensPerSecond()).isNull();
    mark(3, 0, 0);
    assertThat(pace.tokensPerSecond()).isNull();
    assertThat(pace.waitShare()).isNull();
  }

  @Test
  void theFirstWaitIsNotYetAShare() {
    mark(0, 0, 0);
    mark(10, 100, 9);
    assertThat(pace.tokensPerSecond()).isCloseTo(10, within(1e-9));
    assertThat(pace.waitShare()).isNull();
    mark(20, 200, 10);
    assertThat(pace.waitShare()).isCloseTo(0.5, within(1e-9));
  }

  @Test
  void onlyTheLastMinuteCounts() {
    mark(0, 0, 0);
    for (int second = 1; second <= 300; second++) {
      boolean slow = second <= 200;
      mark(second, slow ? second : 200 + 5L * (second - 200), slow ? second * 0.9 : 180);
    }
    assertThat(pace.tokensPerSecond()).isCloseTo(5, within(1e-9));
    assertThat(pace.waitShare()).isZero();
  }

  private void mark(long seconds, long tokens, double waited) {
    pace.mark(seconds * 1_000_000_000L, tokens, Duration.ofMillis(Math.round(1000 * waited)));
  }
}
