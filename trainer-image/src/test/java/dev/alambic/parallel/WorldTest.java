package dev.alambic.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorldTest {
  @ParameterizedTest
  @CsvSource({"1,1", "4,3", "4,64", "3,1000", "8,1000000", "7,12345678901"})
  void segmentsCoverATensorWithoutOverlap(int size, long elements) {
    long at = 0;
    for (int rank = 0; rank < size; rank++) {
      World.Segment segment = new World(rank, size).segment(elements);
      assertThat(segment.from()).isEqualTo(at);
      assertThat(segment.length()).isBetween(0L, elements);
      at = segment.to();
    }
    assertThat(at).isEqualTo(elements);
  }

  @Test
  void aRankIsOneOfTheWorld() {
    assertThatThrownBy(() -> new World(2, 2))
        .hasMessage("rank 2 is out of range: there are 2 trainers");
  }
}
