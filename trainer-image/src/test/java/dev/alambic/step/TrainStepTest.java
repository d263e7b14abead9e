package dev.alambic.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import dev.alambic.api.v1alpha1.Schedule;
import dev.alambic.model.Decoder;
import dev.alambic.run.RunSpec;
import dev.alambic.torch.Torch;
import dev.alambic.train.TestSpecs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrainStepTest {
  private static final int STEPS = 6;
  private static final int BATCH = 8;

  @BeforeAll
  static void startEngine() {
    Torch.start(1);
  }

  /** A loss for each path of the objective. */
  private record Loss(RunSpec.Objective objective, boolean withTeacher) {}

  private static final Loss DRAWS = new Loss(TestSpecs.FORWARD_KL, true);

  static List<Loss> losses() {
    Loss labels = new Loss(TestSpecs.FORWARD_KL, false);
    Loss atTemperature =
        new Loss(new RunSpec.Objective(TestSpecs.FORWARD_KL.divergence(), 2, 0.3, 0.5), true);
    return List.of(DRAWS, labels, atTemperature);
  }

  /**
   * Native code must not read memory that Java may let go of. The young generation is tiny too
   * (pom.xml), so that collections fall inside steps as well.
   */
  @ParameterizedTest
  @MethodSource("losses")
  void garbageCollectionChangesNoBit(Loss loss) {
    Run calm = run(loss, 4, () -> {});
    Run collected = run(loss, 4, System::gc);

    assertThat(collected.results()).isEqualTo(calm.results());
    for (int i = 0; i < calm.parameters().size(); i++) {
      assertThat(collected.parameters().get(i)).containsExactly(calm.parameters().get(i));
    }
  }

  /** Losses are divided by the positions of the whole batch, however it is cut. */
  @ParameterizedTest
  @MethodSource("losses")
  void microBatchesChangeNothing(Loss loss) {
    Run whole = run(loss, BATCH, () -> {});
    // Three does not divide eight: the last part is smaller.
    Run parts = run(loss, 3, () -> {});

    for (int step = 0; step < STEPS; step++) {
      TrainStep.Result expected = whole.results().get(step);
      TrainStep.Result actual = parts.results().get(step);
      assertThat(actual.sums().positions()).isEqualTo(BATCH * TestSpecs.SEQUENCE);
      assertThat(actual.sums().labelCrossEntropy())
          .isCloseTo(expected.sums().labelCrossEntropy(), within(1e-3));
      assertThat(actual.sums().divergence()).isCloseTo(expected.sums().divergence(), within(1e-3));
      assertThat(actual.gradientNorm()).isCloseTo(expected.gradientNorm(), within(1e-5));
    }
    for (int i = 0; i < whole.parameters().size(); i++) {
      assertThat(parts.parameters().get(i))
          .containsExactly(whole.parameters().get(i), Offset.offset(1e-4f));
    }
  }

  @Test
  void theDivergenceFallsWhereTheTeacherIsFollowed() {
    List<TrainStep.Result> results = run(DRAWS, BATCH, () -> {}).results();

    assertThat(results).allMatch(TrainStep.Result::applied);
    assertThat(results.get(STEPS - 1).sums().divergence())
        .isLessThan(0.9 * results.get(0).sums().divergence());
  }

  private record Run(List<TrainStep.Result> results, List<float[]> parameters) {}

  /** Steps on one batch again and again. */
  private static Run run(Loss loss, int microBatch, Runnable betweenSteps) {
    List<Example> examples = TestSpecs.examples(BATCH, loss.withTeacher());
    List<TrainStep.Result> results = new ArrayList<>();
    try (Decoder decoder = TestSpecs.student(5);
        TrainStep step = new TrainStep(decoder, TestSpecs.alone(decoder), spec(loss, microBatch))) {
      for (int i = 0; i < STEPS; i++) {
        results.add(step.run(examples, BATCH * TestSpecs.SEQUENCE, i, 3e-3, Double::isFinite));
        betweenSteps.run();
      }
      List<float[]> parameters =
          decoder.parameters().all().stream().map(NDArray::toFloatArray).toList();
      return new Run(results, parameters);
    }
  }

  private static RunSpec spec(Loss loss, int microBatch) {
    return TestSpecs.run(Path.of("."), STEPS)
        .withObjective(loss.objective())
        .withTraining(training(microBatch));
  }

  private static RunSpec.Training training(int microBatch) {
    RunSpec.Training base = TestSpecs.training(STEPS, 0, 0, 3e-3, Schedule.WarmupStableDecay);
    return base.with(training -> training.batchSequences(BATCH).microBatchSequences(microBatch));
  }
}
