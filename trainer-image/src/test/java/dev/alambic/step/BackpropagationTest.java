package dev.alambic.step;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import dev.alambic.model.Decoder;
import dev.alambic.torch.Torch;
import dev.alambic.train.TestSpecs;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BackpropagationTest {
  @BeforeAll
  static void startEngine() {
    Torch.start(1);
  }

  @Test
  void recomputedActivationsGiveTheSameBits() {
    List<float[]> kept = gradients(false, 4);
    List<float[]> recomputed = gradients(true, 4);
    assertThat(recomputed).hasSameSizeAs(kept);
    for (int i = 0; i < kept.size(); i++) {
      assertThat(recomputed.get(i)).containsExactly(kept.get(i));
    }
  }

  @Test
  void microBatchesAddUpToTheBatch() {
    List<float[]> whole = gradients(false, 4);
    List<float[]> halves = gradients(false, 2);
    for (int i = 0; i < whole.size(); i++) {
      assertThat(halves.get(i)).containsExactly(whole.get(i), Offset.offset(1e-6f));
    }
  }

  private static List<float[]> gradients(boolean recompute, int microBatch) {
    List<Example> examples = TestSpecs.examples(4, true);
    try (Decoder decoder = TestSpecs.student(5);
        Objective objective = new Objective(decoder, TestSpecs.FORWARD_KL)) {
      Backpropagation backpropagation =
          new Backpropagation(decoder, objective, TestSpecs.alone(decoder), recompute);
      for (int from = 0; from < examples.size(); from += microBatch) {
        backpropagation.run(examples.subList(from, from + microBatch), 1.0 / 64, true);
      }
      return decoder.parameters().all().stream()
          .map(parameter -> Torch.gradient(decoder.manager(), parameter))
          .map(NDArray::toFloatArray)
          .toList();
    }
  }
}
