package dev.alambic.cli.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RingTest {
  private static final double MICROSECOND = 1e-6;

  private static Cluster network(double bytesPerSecond) {
    return new Cluster(Accelerator.H100, 8, 450e9, bytesPerSecond);
  }

  /** 7/8 of 1 GB at 370 GB/s are 2364.9 us; one call and seven hops are 8.4 + 7 x 3.4. */
  @Test
  void oneNodeKnowsNoNetwork() {
    double seconds = Cluster.H100.ring(8).seconds(1e9);

    assertThat(seconds).isCloseTo(2397.1 * MICROSECOND, within(0.1 * MICROSECOND));
    assertThat(network(1).ring(8)).isEqualTo(Cluster.H100.ring(8));
  }

  /** Eight cards of 47 GB/s are as fast as NVLink's 370, so that only the hops are more. */
  @Test
  void betweenNodesAllCardsOfANodeCarryTheRing() {
    assertThat(Cluster.H100.ring(64).bandwidth()).isCloseTo(370e9, within(1.0));
    assertThat(network(12.5e9).ring(64).bandwidth()).isCloseTo(8 * 11.75e9, within(1.0));
  }

  /** 64 nodes: 448 hops in them and 63 between, 8.4 + 448 x 3.4 + 63 x 14. */
  @Test
  void eachHopTakesItsTime() {
    assertThat(Cluster.H100.ring(512).latency())
        .isCloseTo(2413.6 * MICROSECOND, within(0.01 * MICROSECOND));
  }

  @Test
  void aGpuAloneSendsNothing() {
    assertThat(Cluster.H100.ring(1).seconds(1e9)).isZero();
  }
}
