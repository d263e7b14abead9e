package dev.alambic.bench.collectives;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OperationTest {
  @Test
  void whatEachProcessSendsOfAnArray() {
    assertThat(Operation.ALL_REDUCE.busFactor(2)).isEqualTo(1);
    assertThat(Operation.ALL_REDUCE.busFactor(4)).isEqualTo(1.5);
    assertThat(Operation.REDUCE_SCATTER.busFactor(4)).isEqualTo(0.75);
    assertThat(Operation.ALL_GATHER.busFactor(2)).isEqualTo(0.5);
  }
}
