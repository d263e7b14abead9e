package dev.alambic.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.api.v1alpha1.Sharding;
import dev.alambic.decoder.DecoderConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryEstimateTest {
  /** Vocabulary 1000, width 32, 2 layers, 2 heads of 16 on 1, feed-forward 128, window 256. */
  private static final DecoderConfig TOY = Gemma2.decoder(1000, 32, 2, 2, 1, 16, 128, 256, 512, 16);

  /** 1000 x 32 + 2 (32 x 16 x 6 + 3 x 32 x 128 + 4 x 32) + 32 = 32,000 + 2 x 15,488 + 32. */
  private static final long PARAMETERS = 63_008;

  @Test
  void trainingStateIsSixteenBytesPerParameterAndTwentyOnTheHost() {
    MemoryEstimate estimate = MemoryEstimate.of(TOY, Precision.FP32, Trainers.ONE, 1, 512, false);

    assertThat(estimate.device().weights()).isEqualTo(4 * PARAMETERS);
    assertThat(estimate.device().gradients()).isEqualTo(4 * PARAMETERS);
    assertThat(estimate.device().optimizer()).isEqualTo(8 * PARAMETERS);
    assertThat(estimate.host().average()).isEqualTo(4 * PARAMETERS);
    assertThat(estimate.host().snapshot()).isEqualTo(16 * PARAMETERS);
    assertThat(estimate.device().copies()).isZero();
    assertThat(estimate.on(Device.cpu(1))).isEqualTo(estimate.total());
    // A GPU takes 2^26 logits at once instead of 2^22, 16 bytes each.
    assertThat(estimate.on(Device.unknownGpu(1)))
        .isEqualTo(estimate.total() - 20 * PARAMETERS + 1_006_632_960);
  }

  /** What a trainer holds in FP32 with a micro-batch of one sequence, recomputed. */
  private static MemoryEstimate sharded(int trainers, Sharding sharding) {
    return MemoryEstimate.of(TOY, Precision.FP32, new Trainers(trainers, sharding), 1, 512, true);
  }

  @ParameterizedTest
  @CsvSource({
    // The ends have 32,032 parameters, the layers 2 x 15,488, all together 63,008: of 2 trainers
    // each has 31,504, of 4 each 15,752.
    // trainers, sharding, weights, gradients, optimizer, average, snapshot
    "1, None, 252032, 252032, 504064, 252032, 1008128",
    "2, None, 252032, 252032, 504064, 252032, 1008128",
    "4, None, 252032, 252032, 504064, 252032, 1008128",
    // Moments and average: 8 and 4 x 31,504 or 15,752; snapshot 4 x 63,008 + 12 x these.
    "1, Optimizer, 252032, 252032, 504064, 252032, 1008128",
    "2, Optimizer, 252032, 252032, 252032, 126016, 630080",
    "4, Optimizer, 252032, 252032, 126016, 63008, 441056",
    // Weights: 4 x (31,504 or 15,752 + 2 x 15,488 + 32,032).
    // Gradients likewise; snapshot as with Optimizer.
    "1, Full, 252032, 252032, 504064, 252032, 1008128",
    "2, Full, 378048, 378048, 252032, 126016, 630080",
    "4, Full, 315040, 315040, 126016, 63008, 441056"
  })
  void severalTrainersHoldParts(
      int trainers,
      Sharding sharding,
      long weights,
      long gradients,
      long optimizer,
      long average,
      long snapshot) {
    MemoryEstimate estimate = sharded(trainers, sharding);

    assertThat(estimate.device().weights()).isEqualTo(weights);
    assertThat(estimate.device().gradients()).isEqualTo(gradients);
    assertThat(estimate.device().optimizer()).isEqualTo(optimizer);
    assertThat(estimate.host().average()).isEqualTo(average);
    assertThat(estimate.host().snapshot()).isEqualTo(snapshot);
    assertThat(estimate.device().activations())
        .isEqualTo(sharded(1, Sharding.None).device().activations());
  }

  @Test
  void aPartIsRoundedUp() {
    // 63,008 / 3 = 21,002.7.
    assertThat(sharded(3, Sharding.Optimizer).device().optimizer()).isEqualTo(8 * 21_003);
  }

  @Test
  void gemma9bFitsEightyGigabytesOnlyShared() {
    // 16 x 9,241,705,984 = 148 GB of weights, gradients and moments. Of eight trainers each has
    // 4 x (1,155,213,248 + 2 x 198,195,200 + 917,507,584) + 4 x (8,324,198,400 / 8 + 198,195,200
    // + 917,507,584) + 8 x 1,155,213,248.
    DecoderConfig gemma = Gemma2.SHAPES.get(1).with(256_000);
    MemoryEstimate alone = MemoryEstimate.of(gemma, Precision.BF16, Trainers.ONE, 1, 8192, true);
    MemoryEstimate shared =
        MemoryEstimate.of(gemma, Precision.BF16, new Trainers(8, Sharding.Full), 1, 8192, true);

    assertThat(alone.device().weights() + alone.device().gradients() + alone.device().optimizer())
        .isEqualTo(147_867_295_744L);
    assertThat(
            shared.device().weights() + shared.device().gradients() + shared.device().optimizer())
        .isEqualTo(28_994_595_840L);
    assertThat(alone.on(Device.unknownGpu(1))).isGreaterThan(80_000_000_000L);
    assertThat(shared.on(Device.unknownGpu(1))).isLessThan(80_000_000_000L);
  }

  @Test
  void bf16KeepsACopyOfAllWeightsOrOfOneLayerWhenRecomputing() {
    assertThat(
            MemoryEstimate.of(TOY, Precision.BF16, Trainers.ONE, 1, 512, false).device().copies())
        .isEqualTo(2 * PARAMETERS);
    assertThat(MemoryEstimate.of(TOY, Precision.BF16, Trainers.ONE, 1, 512, true).device().copies())
        .isEqualTo(2 * 15_488);
  }

  @Test
  void activationsAreThoseOfTheFormula() {
    // Products: 2 x 32 + 2 x 32 + 2 x 16 + 4 x 128 = 672 numbers; norms 32 x 32 bytes; scores 8 x 2
    // bytes for each of 512 keys, as one block of 512 queries computes them all.
    long layer = 32 * 32 + 2 * 672 + 8 * 2 * 512;
    long ends = 4 * 2 * 32;

    assertThat(
            MemoryEstimate.of(TOY, Precision.BF16, Trainers.ONE, 3, 512, false)
                .device()
                .activations())
        .isEqualTo(3 * 512 * (2 * layer + ends));
    assertThat(
            MemoryEstimate.of(TOY, Precision.BF16, Trainers.ONE, 3, 512, true)
                .device()
                .activations())
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
    assertThat(
            MemoryEstimate.of(TOY, Precision.BF16, Trainers.ONE, 1, 512, false).device().logits())
        .isEqualTo(16 * 4_194_304L + 6 * 32_000);
  }

  @Test
  void gemma2bInBf16TakesFortySevenGigabytesBesideItsActivations() {
    MemoryEstimate estimate =
        MemoryEstimate.of(
            Gemma2.SHAPES.get(0).with(256_000), Precision.BF16, Trainers.ONE, 1, 4096, true);

    // 16 x 2,614,341,888 + 2 x 77,865,984 + 16 x 67,108,864 + 6 x 589,824,000.
    assertThat(estimate.on(Device.unknownGpu(1)) - estimate.device().activations())
        .isEqualTo(46_597_888_000L);
  }
}
