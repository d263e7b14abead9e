package dev.alambic.model.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.run.RunSpec;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ReferenceTrainingTest {

  private static final double TOLERANCE = 1e-12;

  @Test
  void finiteDifferenceOfKnownFunctions() {
    double[] x = {0.7, 2};

    assertThat(FiniteDifference.gradient(() -> Math.sin(x[0]) * Math.exp(x[1]), x, 0, 1))
        .containsExactly(
            new double[] {Math.cos(0.7) * Math.exp(2), Math.sin(0.7) * Math.exp(2)}, within(1e-10));
    assertThat(x).containsExactly(0.7, 2);
  }

  @Test
  void theFirstStepIsTheLearningRateAgainstTheSign() {
    double[] parameters = {1, -2, 3};

    new ReferenceAdamW(3, 0.9, 0.95, 0, 0).step(parameters, new double[] {1e-3, -5, 0.1}, 0.01);

    assertThat(parameters).containsExactly(new double[] {0.99, -1.99, 2.99}, within(TOLERANCE));
  }

  @Test
  void twoStepsByHand() {
    double[] parameters = {1};
    ReferenceAdamW adam = new ReferenceAdamW(1, 0.5, 0.75, 0.25, 0);

    adam.step(parameters, new double[] {2}, 0.1);
    assertThat(parameters[0]).isCloseTo(1 - 0.1 * 2 / 2.25, within(TOLERANCE));
    adam.step(parameters, new double[] {-1}, 0.1);

    // m = 0.5 * 1 - 0.5 = 0; the second step does not move.
    assertThat(parameters[0]).isCloseTo(1 - 0.1 * 2 / 2.25, within(TOLERANCE));
    adam.step(parameters, new double[] {3}, 0.1);
    // m = 1.5, / (1 - 1/8); v = (0.75 * (0.75 * 1 + 0.25) + 2.25) / (1 - 27/64).
    double mean = 1.5 / 0.875;
    double meanSquare = 3.0 / (37.0 / 64);
    assertThat(parameters[0])
        .isCloseTo(
            1 - 0.1 * 2 / 2.25 - 0.1 * mean / (Math.sqrt(meanSquare) + 0.25), within(TOLERANCE));
  }

  @Test
  void decayIsDecoupledFromTheGradient() {
    double[] parameters = {4};

    new ReferenceAdamW(1, 0.9, 0.95, 1e-8, 0.1).step(parameters, new double[1], 0.5);

    assertThat(parameters[0]).isCloseTo(4 * (1 - 0.05), within(TOLERANCE));
  }

  @Test
  void adamFindsTheMinimumOfABowl() {
    double[] x = {5, -3};
    ReferenceAdamW adam = new ReferenceAdamW(2, 0.9, 0.999, 1e-8, 0);

    for (int step = 0; step < 2000; step++) {
      adam.step(x, new double[] {2 * (x[0] - 1), 20 * (x[1] - 2)}, 0.02);
    }

    assertThat(x).containsExactly(new double[] {1, 2}, within(1e-3));
  }

  @Test
  void clippingScalesAllGradientsTogether() {
    double[] a = {3, 0};
    double[] b = {4};

    assertThat(ReferenceAdamW.clip(10, a, b)).isEqualTo(5);
    assertThat(a).containsExactly(3, 0);
    assertThat(ReferenceAdamW.clip(1, a, b)).isEqualTo(5);
    assertThat(a).containsExactly(new double[] {0.6, 0}, within(TOLERANCE));
    assertThat(b).containsExactly(new double[] {0.8}, within(TOLERANCE));
  }

  @Test
  void warmupStableDecayByHand() {
    ReferenceSchedule schedule = new ReferenceSchedule(100, 10, 20, 1.0, 0.1);

    assertThat(schedule.warmupStableDecay(1)).isCloseTo(0.1, within(TOLERANCE));
    assertThat(schedule.warmupStableDecay(10)).isEqualTo(1);
    assertThat(schedule.warmupStableDecay(80)).isEqualTo(1);
    assertThat(schedule.warmupStableDecay(85)).isCloseTo(0.1 + 0.9 / 2, within(TOLERANCE));
    assertThat(schedule.warmupStableDecay(100)).isCloseTo(0.1, within(TOLERANCE));
  }

  @Test
  void cosineByHand() {
    ReferenceSchedule schedule = new ReferenceSchedule(100, 20, 0, 1.0, 0.1);

    assertThat(schedule.cosine(5)).isCloseTo(0.25, within(TOLERANCE));
    assertThat(schedule.cosine(20)).isEqualTo(1);
    assertThat(schedule.cosine(60)).isCloseTo(0.55, within(TOLERANCE));
    assertThat(schedule.cosine(100)).isCloseTo(0.1, within(TOLERANCE));
  }

  /** The pieces together: distilling moves the student towards the teacher. */
  @Test
  void aStepAlongTheGradientLowersTheLoss() {
    TestModel teacher = TestModels.tiny(1);
    TestModel student = TestModels.tiny(2);
    int[] tokens = TestModels.tokens(student.config(), 5, 3);
    double[][] teacherLogits = teacher.reference().logits(tokens);
    ReferenceTarget[] targets =
        Arrays.stream(teacherLogits)
            .map(logits -> ReferenceTarget.ofLogits(logits, 1, 0))
            .toArray(ReferenceTarget[]::new);
    ReferenceObjective objective =
        new ReferenceObjective(new RunSpec.Objective(Divergence.ForwardKL, 1, 0, 0.5));
    double[] norm = student.weights().get("model.norm.weight");
    int[] all = java.util.stream.IntStream.range(0, norm.length).toArray();

    double before = objective.loss(student.reference().logits(tokens), targets, 5);
    double[] gradient =
        FiniteDifference.gradient(
            () -> objective.loss(student.reference().logits(tokens), targets, 5), norm, all);
    new ReferenceAdamW(norm.length, 0.9, 0.95, 1e-8, 0).step(norm, gradient, 0.01);
    double after = objective.loss(student.reference().logits(tokens), targets, 5);

    double predicted = 0.01 * Arrays.stream(gradient).map(Math::abs).sum();
    assertThat(before - after).isCloseTo(predicted, within(0.2 * predicted));
  }
}
