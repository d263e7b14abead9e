package dev.alambic.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.model.Decoder;
import dev.alambic.run.RunSpec;
import dev.alambic.torch.Torch;
import dev.alambic.train.TestSpecs;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The teacher is asked about as many batches as the JVM's heap holds. */
class BatchesAheadTest {
  private static final RunSpec SPEC = TestSpecs.run(Path.of("/run"), 24);

  /** 8 draws of 8 bytes, 8 of loss and entropy, 4 of an offset; 8 sequences of 16. */
  private static final long BATCH = 76 * 128;

  /** 6 sequences are evaluated. */
  private static final long HELD_OUT = 76 * 96;

  @BeforeAll
  static void startEngine() {
    Torch.start(1);
  }

  private static int ahead(long heap) {
    try (Decoder student = TestSpecs.student(1)) {
      return new CorpusMaterial(SPEC, TestSpecs.corpus(), TestSpecs.teacher(), student)
          .batchesAhead(heap);
    }
  }

  /** Of which six tenths are for signals. */
  private static long heapFor(long batches) {
    return (long) Math.ceil((HELD_OUT + batches * BATCH) / 0.6) + 1;
  }

  @Test
  void threeAtMostAndNoneIfOnlyTheOneInUseHasRoom() {
    assertThat(ahead(heapFor(100))).isEqualTo(3);
    assertThat(ahead(heapFor(4))).isEqualTo(3);
    assertThat(ahead(heapFor(3))).isEqualTo(2);
    assertThat(ahead(heapFor(1))).isZero();
  }

  @Test
  void oneThatHasNoRoomIsRefusedBeforeItFillsTheHeap() {
    assertThatThrownBy(() -> ahead(heapFor(1) - BATCH / 2))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith(
            "training.batchTokens: the teacher's signals for one batch take up to 9728 bytes of a"
                + " trainer's heap, and of the held-out text 7296")
        .extracting(e -> ((RunException) e).exitCode())
        .isEqualTo(ExitCode.USAGE);
  }
}
