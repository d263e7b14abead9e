package dev.alambic.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.alambic.generate.Sampler;
import dev.alambic.generate.Sampling;
import dev.alambic.torch.Program;
import dev.alambic.torch.Torch;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is chosen on the device is what the double-precision sampler chooses. */
class SamplingProgramTest {
  private static final int ROWS = 400;
  private static final int VOCABULARY = 50;

  @BeforeAll
  static void startEngine() {
    Torch.start(1);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "0.7, 1", "0, 1", "1, 0.9", "1.5, 0.3", "1, 0.001"})
  void asTheReference(double temperature, double topP) {
    Random random = new Random(4);
    float[] logits = new float[ROWS * VOCABULARY];
    for (int i = 0; i < logits.length; i++) {
      // Some ids are equally likely, some impossible.
      int kind = random.nextInt(10);
      logits[i] =
          kind == 0 ? 1 : kind == 1 ? Float.NEGATIVE_INFINITY : 2 * (float) random.nextGaussian();
    }
    double[] uniforms = random.doubles(ROWS).toArray();
    uniforms[0] = 0;
    uniforms[1] = Math.nextDown(1.0);
    try (NDManager manager = Torch.newManager();
        Program program = Program.load(manager, "sampling")) {
      NDList chosen =
          program.callAll(
              manager,
              "choose",
              manager.create(logits, new Shape(ROWS, VOCABULARY)),
              manager.create(uniforms),
              temperature,
              topP);
      long[] ids = chosen.get(0).toLongArray();
      float[] values = chosen.get(1).toFloatArray();
      Sampling sampling = new Sampling(temperature, topP, 0);
      for (int row = 0; row < ROWS; row++) {
        float[] here = Arrays.copyOfRange(logits, row * VOCABULARY, (row + 1) * VOCABULARY);
        Sampler.Choice choice = Sampler.choose(here, sampling, uniforms[row]);
        assertThat(ids[row]).as("row %d", row).isEqualTo(choice.token());
        assertThat((double) values[row]).isCloseTo(choice.logProbability(), within(1e-5));
      }
    }
  }
}
