package dev.alambic.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeldOutSplitTest {
  @Test
  void holdsOutAboutATwentieth() {
    long ofOneFile =
        IntStream.range(0, 20_000).filter(n -> HeldOutSplit.chosen("corpus.txt", n)).count();
    long ofFirsts =
        IntStream.range(0, 20_000).filter(n -> HeldOutSplit.chosen("doc" + n + ".md", 0)).count();
    assertThat(ofOneFile).isBetween(900L, 1100L);
    assertThat(ofFirsts).isBetween(900L, 1100L);
  }

  /** Teachers trained by an earlier release must not have seen what is held out today. */
  @Test
  void neverChanges() {
    assertThat(IntStream.range(0, 100).filter(n -> HeldOutSplit.chosen("corpus.txt", n)).toArray())
        .containsExactly(3, 15, 34, 47, 54, 72);
  }
}
