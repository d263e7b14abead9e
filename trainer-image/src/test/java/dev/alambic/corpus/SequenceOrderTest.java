package dev.alambic.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SequenceOrderTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 63, 64, 65, 100, 1000, 1023, 1025, 4097})
  void readsEverySequenceOnceAnEpoch(int count) {
    for (int epoch = 0; epoch < 3; epoch++) {
      long[] indices = epoch(new SequenceOrder(count, 42), epoch);
      Arrays.sort(indices);
      assertThat(indices).isEqualTo(LongStream.range(0, count).toArray());
    }
  }

  @Test
  void readsEverySequenceOnceForEveryCountAndSeed() {
    for (int count = 1; count <= 300; count++) {
      SequenceOrder order = new SequenceOrder(count, count * 31L);
      assertThat(LongStream.range(0, count).map(order::index).distinct().count()).isEqualTo(count);
    }
  }

  @Test
  void everyEpochAndSeedIsAnotherOrder() {
    Set<List<Long>> orders = new HashSet<>();
    for (long seed = 0; seed < 20; seed++) {
      for (int epoch = 0; epoch < 20; epoch++) {
        orders.add(Arrays.stream(epoch(new SequenceOrder(30, seed), epoch)).boxed().toList());
      }
    }
    assertThat(orders).hasSize(400);
  }

  @Test
  void reachesEveryOrderOfThree() {
    Set<List<Long>> orders = new HashSet<>();
    for (int epoch = 0; epoch < 200; epoch++) {
      orders.add(Arrays.stream(epoch(new SequenceOrder(3, 1), epoch)).boxed().toList());
    }
    assertThat(orders).hasSize(6);
  }

  /** Each of n sequences comes first about equally often: chi-squared, 15 degrees of freedom. */
  @Test
  void putsEverySequenceFirstEquallyOften() {
    SequenceOrder order = new SequenceOrder(16, 3);
    int epochs = 16_000;
    double[] first = new double[16];
    for (int epoch = 0; epoch < epochs; epoch++) {
      first[(int) order.index(16L * epoch)]++;
    }
    double expected = epochs / 16.0;
    double chiSquared =
        Arrays.stream(first).map(n -> (n - expected) * (n - expected) / expected).sum();
    assertThat(chiSquared).isLessThan(37.7); // p = 0.001
  }

  @Test
  void dependsOnNothingButThePosition() {
    List<Long> positions = new ArrayList<>(LongStream.range(0, 500).boxed().toList());
    SequenceOrder order = new SequenceOrder(77, 5);
    List<Long> inOrder = positions.stream().map(order::index).toList();
    Collections.shuffle(positions, new Random(1));
    for (long position : positions) {
      assertThat(new SequenceOrder(77, 5).index(position)).isEqualTo(inOrder.get((int) position));
    }
  }

  @Test
  void worksFarOut() {
    SequenceOrder order = new SequenceOrder(SequenceOrder.MOST, 5);
    LongStream.range(0, 1000)
        .forEach(i -> assertThat(order.index(i << 50)).isBetween(0L, SequenceOrder.MOST - 1));
    assertThat(new SequenceOrder(3, 5).index(Long.MAX_VALUE)).isBetween(0L, 2L);
  }

  /** A checkpoint of an earlier release must go on in the order in which it began. */
  @Test
  void staysTheOrderThatItIs() {
    assertThat(epoch(new SequenceOrder(10, 0), 0)).containsExactly(1, 6, 4, 2, 7, 8, 9, 3, 0, 5);
  }

  @Test
  void refusesNonsense() {
    assertThatThrownBy(() -> new SequenceOrder(0, 1)).hasMessageContaining("count: 0");
    assertThatThrownBy(() -> new SequenceOrder(SequenceOrder.MOST + 1, 1))
        .hasMessageContaining("count: 4611686018427387905");
    SequenceOrder order = new SequenceOrder(1, 1);
    assertThatThrownBy(() -> order.index(-1)).hasMessageContaining("position: -1");
  }

  private static long[] epoch(SequenceOrder order, int epoch) {
    return LongStream.range(0, order.count())
        .map(i -> order.index(epoch * order.count() + i))
        .toArray();
  }
}
