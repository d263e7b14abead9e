package dev.alambic.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.decoder.DecoderConfig;
import dev.alambic.model.DType;
import dev.alambic.model.ModelFolder;
import dev.alambic.model.Tensor;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadTest {
  @TempDir Path folder;

  @Test
  void theModelHasTheSizeThatIsAskedFor() {
    assertThat(2 * RandomFolder.shape(3_000_000_000L).parameters())
        .isBetween(3_000_000_000L, 3_130_000_000L);
  }

  @Test
  void itsWeightsAreSmallAndRandom() {
    DecoderConfig tiny = DecoderConfig.gemma2(61, 24, 2, 4, 2, 8, 40, 5, 32, 100, 1e-3, 4, 6, 7);
    RandomFolder.write(folder.resolve("model"), tiny);
    for (Tensor tensor : ModelFolder.read(folder.resolve("model")).tensors().values()) {
      assertThat(tensor.dtype()).isEqualTo(DType.BF16);
      float mean = 0;
      float[] values = tensor.toFloats();
      for (float value : values) {
        assertThat(Math.abs(value)).isBetween(0x1p-6f, 0x1p-5f);
        mean += value / values.length;
      }
      assertThat(mean).isBetween(-0.02f, 0.02f);
    }
  }
}
