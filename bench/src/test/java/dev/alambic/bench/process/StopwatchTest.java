package dev.alambic.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.bench.process.Stopwatch.Pace;
import org.junit.jupiter.api.Test;

class StopwatchTest {
  private long now;

  private Stopwatch watch(Pace pace) {
    return new Stopwatch(pace, () -> now);
  }

  private boolean after(Stopwatch watch, double seconds) {
    now += (long) (seconds * 1e9);
    return watch.next();
  }

  @Test
  void theWarmUpIsLeftOut() {
    Stopwatch watch = watch(new Pace(2, 3, 0));
    assertThat(watch.next()).isFalse();
    assertThat(after(watch, 100)).isFalse();
    assertThat(after(watch, 50)).isFalse();
    assertThat(after(watch, 2)).isFalse();
    assertThat(after(watch, 9)).isFalse();
    assertThat(after(watch, 1)).isTrue();
    assertThat(watch.median()).isEqualTo(2);
  }

  @Test
  void shortRoundsGoOnUntilTheTimeIsUp() {
    Stopwatch watch = watch(new Pace(0, 1, 3));
    watch.next();
    assertThat(after(watch, 1)).isFalse();
    assertThat(after(watch, 1)).isFalse();
    assertThat(after(watch, 1)).isTrue();
  }
}
