package dev.alambic.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.decoder.DecoderConfig;
import org.junit.jupiter.api.Test;

class MemoryEstimateTest {
  /** Vocabulary 1000, width 32, 2 layers, 2 heads of 16 on 1, feed-forward 128, window 256. */
  private static final DecoderConfig TOY = Gemma2.decoder(1000, 32, 2, 2, 1, 16, 128, 256, 512, 16);

  /** 1000 x 32 + 2 (32 x 16 x 6 + 3 x 32 x 128 + 4 x 32) + 32 = 32,000 + 2 x 15,488 + 32. */
  private static final long PARAMETERS = 63_008;

  @Test
  void trainingStateIsSixteenBytesPerParameterAndTwentyOnTheHost() {
    MemoryEstimate estimate = MemoryEstimate.of(TOY, Precision.FP32, 1, 512, false);

    assertThat(estimate.weights()).isEqualTo(4 * PARAMETERS);
    assertThat(estimate.gradients()).isEqualTo(4 * PARAMETERS);
    assertThat(estimate.optimizer()).isEqualTo(8 * PARAMETERS);
    assertThat(estimate.average()).isEqualTo(4 * PARAMETERS);
    assertThat(estimate.snapshot()).isEqualTo(16 * PARAMETERS);
    assertThat(estimate.copies()).isZero();
    assertThat(estimate.on(Device.cpu(1))).isEqualTo(estimate.total());
    assertThat(estimate.on(Device.unknownGpu(1))).isEqualTo(estimate.total() - 20 * PARAMETERS);
  }

  @Test
  void bf16KeepsACopyOfAllWeightsOrOfOneLayerWhenRecomputing() {
    assertThat(MemoryEstimate.of(TOY, Precision.BF16, 1, 512, false).copies())
        .isEqualTo(2 * PARAMETERS);
    assertThat(MemoryEstimate.of(TOY, Precision.BF16, 1, 512, true).copies()).isEqualTo(2 * 15_488);
  }

  @Test
  void activationsAreThoseOfTheFormula() {
    // Products: 2 x 32 + 2 x 32 + 2 x 16 + 4 x 128 = 672 numbers; norms 32 x 32 bytes; scores 8 x 2
    // bytes for each of 512 keys, as one block of 512 queries computes them all.
    long layer = 32 * 32 + 2 * 672 + 8 * 2 * 512;
    long ends = 4 * 2 * 32;

    assertThat(MemoryEstimate.of(TOY, Precision.BF16, 3, 512, false).activations())
        .isEqualTo(3 * 512 * (2 * layer + ends));
    assertThat(MemoryEstimate.of(TOY, Precision.BF16, 3, 512, true).activations())
        .isEqualTo(3 * 512 * (2 * 2 * 32 + layer + ends));
  }

  @Test
  void slidingLayersComputeFewerScores() {
    // Blocks of 512 end at 512, 1024, 1536, 2048; a window of 256 begins 255 before each block.
    assertThat(MemoryEstimate.keys(2048, 2048)).isEqualTo((512 + 1024 + 1536 + 2048) / 4);
    assertThat(MemoryEstimate.keys(2048, 256)).isEqualTo((512 + 3 * (512 + 255)) / 4);
    assertThat(MemoryEstimate.keys(100, 4096)).isEqualTo(100);
  }

  @Test
  void logitsTakeOneChunkAndTheEmbeddingsGradient() {
    assertThat(MemoryEstimate.of(TOY, Precision.BF16, 1, 512, false).logits())
        .isEqualTo(16 * 4_194_304L + 6 * 32_000);
  }

  @Test
  void gemma2bInBf16TakesFortyFiveGigabytesBesideItsActivations() {
    MemoryEstimate estimate =
        MemoryEstimate.of(Gemma2.SHAPES.get(0).with(256_000), Precision.BF16, 1, 4096, true);

    // 16 x 2,614,341,888 + 2 x 77,865,984 + 16 x 4,194,304 + 6 x 589,824,000.
    assertThat(estimate.on(Device.unknownGpu(1)) - estimate.activations())
        .isEqualTo(45_591_255_040L);
  }
}
