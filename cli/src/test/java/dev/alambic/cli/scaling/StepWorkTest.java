package dev.alambic.cli.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.operator.plan.Gemma2;
import org.junit.jupiter.api.Test;

/**
 * By hand, for Gemma 2's 9B and sequences of 4096. A layer's matrices have 3584 x 256 x 48 + 3 x
 * 3584 x 14336 = 198180864 elements; a token sees (512 + 1024 + ... + 4096) / 8 = 2304 keys, in
 * sliding layers too, whose window is as long as the sequence.
 */
class StepWorkTest {
  private static final DecoderConfig GEMMA_9B = Gemma2.SHAPES.get(1).with(256_000);
  private static final double FORWARD = 2 * 198_180_864.0 + 4 * 16 * 256 * 2304;
  private static final double HEAD = 256_000.0 * 3584;

  private static StepWork of(Precision precision, int sequenceLength) {
    return StepWork.of(GEMMA_9B, precision, sequenceLength);
  }

  @Test
  void aLayerIsItsProductsAndItsScores() {
    StepWork work = of(Precision.BF16, 4096);

    assertThat(work.forward().perToken()).isEqualTo(new Work(FORWARD, 0, 16 * 2304 * 40));
    assertThat(work.backward().perToken()).isEqualTo(new Work(2 * FORWARD, 0, 16 * 2304 * 52));
    assertThat(work.forward().perPass()).isEqualTo(Work.ofBytes(6.0 * 198_195_200));
  }

  /** 14 V d bytes a chunk of 2^26 / V positions are 49.0 MB a token. */
  @Test
  void theHeadsGradientIsNoTensorCoresWork() {
    Work head = of(Precision.BF16, 4096).head().perToken();

    assertThat(head.bf16()).isEqualTo(4 * HEAD);
    assertThat(head.fp32()).isEqualTo(2 * HEAD);
    assertThat(head.bytes()).isCloseTo(70 * 256_000 + 49e6, within(1.0));
  }

  @Test
  void recomputationRepeatsLayersAndNotTheHead() {
    StepWork work = of(Precision.BF16, 4096);

    assertThat(work.perToken(true).bf16() - work.perToken(false).bf16())
        .isCloseTo(42 * FORWARD, within(1.0));
    assertThat(work.modelFlops()).isCloseTo(3 * (42 * FORWARD + 2 * HEAD), within(1.0));
  }

  @Test
  void allProductsAreFp32WhereTheTrainingIs() {
    assertThat(of(Precision.FP32, 4096).perToken(false).bf16()).isZero();
  }

  /** Of 8192 tokens a sliding layer sees 4096 back, so that not all layers' keys double. */
  @Test
  void slidingLayersSeeTheirWindow() {
    double scores = of(Precision.BF16, 8192).forward().perToken().bytes() / (16 * 40);

    assertThat(scores).isBetween(1.4 * 2304, 1.8 * 2304);
  }

  @Test
  void partsAddUpToTheStudent() {
    assertThat(of(Precision.BF16, 4096).parameters())
        .isCloseTo((double) GEMMA_9B.parameters(), within(3584.0));
  }
}
