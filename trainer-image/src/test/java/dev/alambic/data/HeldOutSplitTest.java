package dev.alambic.data;

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

  @Test
  void holdsOutTheLastPassageIfNoOther() {
    HeldOutSplit split = new HeldOutSplit();
    int kept =
        IntStream.range(0, 100).filter(n -> !HeldOutSplit.chosen("a", n)).findFirst().orElseThrow();
    Passage passage = new Passage("a", kept, false, "");
    assertThat(split.heldOut(passage, false)).isFalse();
    assertThat(split.heldOut(passage, true)).isTrue();
    assertThat(split.heldOut(passage, true)).isFalse();
  }
}
