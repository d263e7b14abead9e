package dev.alambic.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.alambic.corpus.PackedSequences;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnigramTest {
  @Test
  void theLossIsThatOfTheSmoothedCounts() {
    // Counts 3, 2, 1, 0 of four tokens, each raised by one: 4/10, 3/10, 2/10, 1/10.
    Unigram unigram = Unigram.of(sequences(1, new int[] {0, 0, 0, 1, 1, 2}), 4);
    double expected = -(Math.log(0.4) + Math.log(0.1)) / 2;
    assertThat(unigram.loss(List.of(new int[] {2, 0, 3}))).isCloseTo(expected, within(1e-12));
  }

  @Test
  void aUniformTextCostsTheLogarithmOfItsWords() {
    int[] tokens = new int[64];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = i % 8;
    }
    double loss = Unigram.of(sequences(1000, tokens), 8).loss(List.of(tokens));
    assertThat(loss).isCloseTo(Math.log(8), within(1e-6));
  }

  @Test
  void aLargeCorpusIsReadInPart() {
    long[] asked = {0};
    PackedSequences large =
        new PackedSequences() {
          @Override
          public long count() {
            return 1L << 40;
          }

          @Override
          public int[] sequence(long index) {
            asked[0]++;
            return new int[4097];
          }
        };
    Unigram.of(large, 8);
    assertThat(asked[0]).isLessThan(300);
  }

  private static PackedSequences sequences(long count, int[] tokens) {
    return new PackedSequences() {
      @Override
      public long count() {
        return count;
      }

      @Override
      public int[] sequence(long index) {
        return tokens;
      }
    };
  }
}
