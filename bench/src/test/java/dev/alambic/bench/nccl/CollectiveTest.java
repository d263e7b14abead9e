package dev.alambic.bench.nccl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CollectiveTest {
  /** nccl-tests, PERFORMANCE.md. */
  @Test
  void busFactorsAreNcclTests() {
    assertThat(Collective.ALL_REDUCE.busFactor(4)).isEqualTo(1.5);
    assertThat(Collective.REDUCE_SCATTER.busFactor(4)).isEqualTo(0.75);
    assertThat(Collective.ALL_GATHER.busFactor(2)).isEqualTo(0.5);
    assertThat(Collective.BROADCAST.busFactor(8)).isEqualTo(1);
  }

  @Test
  void oneGpuHasNoBus() {
    assertThat(Collective.ALL_REDUCE.busFactor(1)).isZero();
  }
}
