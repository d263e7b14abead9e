package dev.alambic.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.decoder.DecoderConfig;
import org.junit.jupiter.api.Test;

class MicroBatchTest {
  private static final DecoderConfig GEMMA_2B = Gemma2.SHAPES.get(0).with(256_000);
  private static final Batch BATCH = new Batch(4096, 256);

  private static MicroBatch on(Device device) {
    return MicroBatch.of(GEMMA_2B, Precision.BF16, Trainers.ONE, BATCH, device);
  }

  @Test
  void aLargeGpuKeepsItsActivations() {
    MicroBatch micro = on(Device.gpu(1_000_000_000_000L, 8));

    assertThat(micro.recompute()).isFalse();
    assertThat(micro.sequences()).isEqualTo(8);
    assertThat(micro.fits()).isTrue();
  }

  @Test
  void aGpuTooSmallForThemRecomputesAndTakesTheLargestBatchThatFits() {
    MicroBatch micro = on(Device.gpu(80_000_000_000L, 8));

    assertThat(micro.recompute()).isTrue();
    assertThat(micro.fits()).isTrue();
    assertThat(micro.memory().on(Device.unknownGpu(8))).isLessThanOrEqualTo(72_000_000_000L);
    long onePassFewer =
        MemoryEstimate.of(GEMMA_2B, Precision.BF16, Trainers.ONE, micro.sequences() + 1, 4096, true)
            .on(Device.unknownGpu(8));
    assertThat(micro.sequences() == 8 || onePassFewer > 72_000_000_000L).isTrue();
  }

  @Test
  void anUnknownGpuCountsAsOneWithEightyGigabytes() {
    assertThat(on(Device.unknownGpu(8))).isEqualTo(on(Device.gpu(80_000_000_000L, 8)));
  }

  @Test
  void aGpuThatHoldsNotEvenOneSequenceIsSaidNotToFit() {
    MicroBatch micro = on(Device.gpu(24_000_000_000L, 8));

    assertThat(micro.fits()).isFalse();
    assertThat(micro.sequences()).isEqualTo(1);
    assertThat(micro.recompute()).isTrue();
  }

  @Test
  void aCpuTakesAFewThousandTokensAtATimeAndKeepsActivations() {
    DecoderConfig toy = Gemma2.decoder(2048, 64, 4, 2, 1, 32, 256, 64, 128, 32);
    MicroBatch micro =
        MicroBatch.of(toy, Precision.FP32, Trainers.ONE, new Batch(128, 64), Device.cpu(2));

    assertThat(micro.sequences()).isEqualTo(16);
    assertThat(micro.recompute()).isFalse();
  }

  @Test
  void anEnormousBatchOnATinyDeviceIsCutInNoTime() {
    MicroBatch micro =
        MicroBatch.of(
            GEMMA_2B,
            Precision.BF16,
            Trainers.ONE,
            new Batch(2, Integer.MAX_VALUE),
            Device.gpu(1, 1));

    assertThat(micro.sequences()).isEqualTo(1);
  }
}
