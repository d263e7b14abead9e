package dev.alambic.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TrainingOrderTest {
  private final List<Long> made = new ArrayList<>();
  private final Set<Long> prepared = new TreeSet<>();

  /** Windows of so many sequences, each of one token: its number in the corpus. */
  private SequenceWindows windows(int... counts) {
    return new SequenceWindows() {
      @Override
      public long windows() {
        return counts.length;
      }

      @Override
      public long count(long window) {
        return counts[(int) window];
      }

      @Override
      public PackedSequences window(long window) {
        made.add(window);
        int first = 0;
        for (int i = 0; i < window; i++) {
          first += counts[i];
        }
        int before = first;
        return new PackedSequences() {
          @Override
          public long count() {
            return counts[(int) window];
          }

          @Override
          public int[] sequence(long index) {
            return new int[] {before + (int) index};
          }
        };
      }

      @Override
      public void prepare(long window) {
        prepared.add(window);
      }
    };
  }

  private static List<Integer> read(TrainingOrder order, long from, long to) {
    return LongStream.range(from, to).mapToObj(i -> order.sequence(i)[0]).toList();
  }

  @Test
  void everyEpochHasAllSequencesWindowByWindow() {
    TrainingOrder order = new TrainingOrder(windows(4, 0, 8, 16, 3), 7, 1000);
    List<List<Integer>> epochs = new ArrayList<>();
    for (int epoch = 0; epoch < 4; epoch++) {
      List<Integer> read = read(order, 31L * epoch, 31L * (epoch + 1));
      assertThat(new TreeSet<>(read)).hasSize(31).first().isEqualTo(0);
      assertThat(read.subList(0, 4)).containsExactlyInAnyOrder(0, 1, 2, 3);
      assertThat(read.subList(28, 31)).containsExactlyInAnyOrder(28, 29, 30);
      epochs.add(read);
    }
    assertThat(new java.util.HashSet<>(epochs)).hasSize(4);
  }

  /** Bits of runs over small corpora stay what they were. */
  @Test
  void ofOneWindowTheOrderIsThatOfAllSequences() {
    TrainingOrder order = new TrainingOrder(windows(13), 5, 1000);
    SequenceOrder whole = new SequenceOrder(13, 5);
    for (long i = 0; i < 100; i++) {
      assertThat(order.sequence(i)).containsExactly((int) whole.index(i));
    }
    assertThat(prepared).isEmpty();
  }

  @Test
  void aResumedRunReadsTheSameAndOnlyCountsWhatLiesBefore() {
    TrainingOrder first = new TrainingOrder(windows(4, 8, 16, 32), 7, 1000);
    List<Integer> whole = read(first, 0, 150);
    for (int from : new int[] {3, 4, 11, 12, 30, 61, 100}) {
      made.clear();
      TrainingOrder resumed = new TrainingOrder(windows(4, 8, 16, 32), 7, 1000);
      assertThat(read(resumed, from, from + 2)).isEqualTo(whole.subList(from, from + 2));
      assertThat(made).hasSize(2);
    }
  }

  @Test
  void theNextWindowIsPreparedIfTheRunReadsIt() {
    TrainingOrder order = new TrainingOrder(windows(4, 8, 16), 7, 12);
    order.sequence(0);
    assertThat(prepared).containsExactly(1L);
    read(order, 4, 12);
    assertThat(prepared).containsExactly(1L);
    TrainingOrder longer = new TrainingOrder(windows(4, 8, 16), 7, 29);
    read(longer, 0, 28);
    assertThat(prepared).containsExactly(0L, 1L, 2L);
  }

  @Test
  void whatIsReadTwiceIsNotInTheFirstEpoch() {
    TrainingOrder order = new TrainingOrder(windows(4, 0, 8), 7, 100);
    assertThat(order.isInFirstEpoch(0)).isTrue();
    assertThat(order.isInFirstEpoch(11)).isTrue();
    assertThat(order.isInFirstEpoch(12)).isFalse();
  }

  @Test
  void nothingIsRefused() {
    assertThatThrownBy(() -> new TrainingOrder(windows(0, 0), 7, 1).sequence(0))
        .isInstanceOf(IllegalStateException.class);
  }
}
