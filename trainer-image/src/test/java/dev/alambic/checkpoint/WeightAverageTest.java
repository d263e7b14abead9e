package dev.alambic.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import dev.alambic.model.Decoder;
import dev.alambic.torch.Torch;
import dev.alambic.train.TestSpecs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WeightAverageTest {
  @BeforeAll
  static void startEngine() {
    Torch.start(1);
  }

  /** Each step i counts as the integral of x^gamma over (i - 1, i], of weights that are i. */
  @Test
  void averagesByAPowerOfTheStep() {
    try (Decoder student = TestSpecs.student(1);
        WeightAverage average = new WeightAverage(student, TestSpecs.alone(student))) {
      NDArray norm = student.parameters().norm();
      double expected = 0;
      double power = WeightAverage.EXPONENT + 1;
      for (int step = 1; step <= 300; step++) {
        set(norm, step);
        average.follow(step);
        double older = Math.pow((step - 1) / (double) step, power);
        expected = older * expected + (1 - older) * step;
      }
      assertThat(averageOfNorm(average)).isCloseTo((float) expected, within(1e-2f));
      assertThat(expected).isCloseTo(300 * power / (power + 1), within(1.0));
    }
  }

  @Test
  void longRunsAreSampledWithoutABiasOfTheirOwn() {
    double mean = 0;
    long followed = 0;
    for (long step = 1; step <= 100_000; step++) {
      if (WeightAverageTest.isFollowed(step)) {
        mean += WeightAverage.weight(step) * (step - mean);
        followed++;
      }
    }
    double power = WeightAverage.EXPONENT + 1;
    assertThat(mean).isCloseTo(100_000 * power / (power + 1), within(100.0));
    assertThat(followed).isBetween(4_000L, 6_000L);
  }

  private static boolean isFollowed(long step) {
    return step % WeightAverage.stride(step) == 0;
  }

  @Test
  void theStudentComesBackBitByBitAlsoFromAFailure() {
    try (Decoder student = TestSpecs.student(1);
        WeightAverage average = new WeightAverage(student, TestSpecs.alone(student))) {
      set(student.parameters().norm(), 3);
      List<float[]> before = values(student);
      float[] seen = average.inPlace(() -> student.parameters().norm().toFloatArray());
      assertThat(seen).containsOnly(0f);
      assertThat(values(student)).usingRecursiveComparison().isEqualTo(before);
      assertThat(averageOfNorm(average)).isZero();
      try {
        average.inPlace(
            () -> {
              throw new IllegalStateException("no room");
            });
      } catch (IllegalStateException expected) {
        assertThat(values(student)).usingRecursiveComparison().isEqualTo(before);
      }
    }
  }

  private static void set(NDArray array, float value) {
    float[] values = new float[(int) array.size()];
    Arrays.fill(values, value);
    array.set(values);
  }

  private static float averageOfNorm(WeightAverage average) {
    List<NDArray> arrays = average.arrays();
    return arrays.get(arrays.size() - 1).toFloatArray()[0];
  }

  private static List<float[]> values(Decoder student) {
    List<float[]> values = new ArrayList<>();
    student.parameters().all().forEach(array -> values.add(array.toFloatArray()));
    return values;
  }
}
