package dev.alambic.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.decoder.DecoderConfig;
import org.junit.jupiter.api.Test;

class ModelSizeTest {
  private static final DecoderConfig SHAPE =
      DecoderConfig.gemma2(100, 8, 2, 4, 2, 6, 20, 16, 16, 1e4, 1e-6, 50, 30, 6);

  @Test
  void aTokenOfTheForwardPassCountedByHand() {
    double queries = 8 * 4 * 6;
    double keysAndValues = 2 * 8 * 2 * 6;
    double output = 4 * 6 * 8;
    double feedForward = 3 * 8 * 20;
    double scores = 4 * 6 * 16;
    double mixing = 4 * 16 * 6;
    double layer = queries + keysAndValues + output + feedForward + scores + mixing;
    double head = 8 * 100;
    assertThat(ModelSize.flops(SHAPE, 16)).isEqualTo(2 * (2 * layer + head));
  }

  @Test
  void theSizesAreThoseOfTheReadme() {
    assertThat(ModelSize.all())
        .extracting(size -> size.shape().parameters())
        .containsExactly(260_928L, 2_612_960L, 19_933_696L);
  }
}
