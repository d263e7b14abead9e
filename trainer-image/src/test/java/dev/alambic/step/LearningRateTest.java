package dev.alambic.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.alambic.api.v1alpha1.Schedule;
import dev.alambic.model.reference.ReferenceSchedule;
import dev.alambic.run.RunSpec;
import dev.alambic.train.TestSpecs;
import org.junit.jupiter.api.Test;

class LearningRateTest {
  private static final double PEAK = 1e-3;

  private final LearningRate stable = LearningRate.planned(training(Schedule.WarmupStableDecay));
  private final LearningRate cosine = LearningRate.planned(training(Schedule.Cosine));

  private static RunSpec.Training training(Schedule schedule) {
    return TestSpecs.training(100, 10, 20, PEAK, schedule);
  }

  /** The engine counts steps from 0, the reference from 1. */
  @Test
  void everyStepsRateIsTheReferences() {
    for (double bottom : new double[] {0, PEAK / 10}) {
      ReferenceSchedule reference = new ReferenceSchedule(100, 10, 20, PEAK, bottom);
      LearningRate falling =
          LearningRate.planned(withFinalRate(training(Schedule.WarmupStableDecay), bottom));
      LearningRate turning = LearningRate.planned(withFinalRate(training(Schedule.Cosine), bottom));
      for (int step = 0; step < 100; step++) {
        assertThat(falling.at(step))
            .isEqualTo(reference.warmupStableDecay(step + 1), within(1e-15));
        assertThat(turning.at(step)).isEqualTo(reference.cosine(step + 1), within(1e-15));
      }
    }
  }

  private static RunSpec.Training withFinalRate(RunSpec.Training base, double rate) {
    return base.withRate(base.rate().withFinalLearningRate(rate));
  }

  @Test
  void warmsUpLinearlyToThePeak() {
    assertThat(stable.at(0)).isEqualTo(PEAK / 10, within(1e-12));
    assertThat(stable.at(4)).isEqualTo(PEAK / 2, within(1e-12));
    assertThat(stable.at(9)).isEqualTo(PEAK);
  }

  @Test
  void staysConstantUntilTheDecayAndThenFallsToZero() {
    assertThat(stable.at(10)).isEqualTo(PEAK);
    assertThat(stable.at(79)).isEqualTo(PEAK);
    assertThat(stable.at(84)).isEqualTo(PEAK * (1 - Math.sqrt(0.25)), within(1e-12));
    assertThat(stable.at(99)).isZero();
  }

  @Test
  void onlyTheConstantPartCountsForSaturation() {
    assertThat(stable.constant(9)).isFalse();
    assertThat(stable.constant(10)).isTrue();
    assertThat(stable.constant(79)).isTrue();
    assertThat(stable.constant(80)).isFalse();
    assertThat(cosine.constant(50)).isFalse();
  }

  @Test
  void anEarlyDecayEndsTheRunEarly() {
    LearningRate early = stable.coolDownFrom(30);
    // The plan's 20 steps, but no more than half of those before.
    assertThat(early.steps()).isEqualTo(45);
    assertThat(early.at(29)).isEqualTo(PEAK);
    assertThat(early.at(32)).isEqualTo(PEAK * (1 - Math.sqrt(0.2)), within(1e-12));
    assertThat(early.at(44)).isZero();
    assertThat(early.cooling(30)).isTrue();
    assertThat(stable.coolDownFrom(60).steps()).isEqualTo(80);
  }

  @Test
  void aDecayThatHasBegunIsNotBegunAgain() {
    assertThat(stable.coolDownFrom(85)).isEqualTo(stable);
    assertThat(stable.coolDownFrom(30).coolDownFrom(40)).isEqualTo(stable.coolDownFrom(30));
  }

  @Test
  void anEarlyDecayNeverRunsPastTheBudget() {
    assertThat(new LearningRate(training(Schedule.WarmupStableDecay), 95L).steps()).isEqualTo(100);
  }

  @Test
  void aScheduleWithoutADecayTakesATenthOfTheStepsBefore() {
    RunSpec.Training plain = TestSpecs.training(100, 10, 0, PEAK, Schedule.Cosine);

    assertThat(new LearningRate(plain, 50L).steps()).isEqualTo(55);
    assertThat(new LearningRate(plain, 3L).steps()).isEqualTo(4);
  }

  @Test
  void aDecayMayBeginInTheWarmUp() {
    LearningRate early = new LearningRate(training(Schedule.WarmupStableDecay), 8L);

    assertThat(early.at(7)).isEqualTo(0.8 * PEAK, within(1e-12));
    assertThat(early.at(8)).isEqualTo(0.9 * PEAK * (1 - Math.sqrt(0.25)), within(1e-12));
    assertThat(early.at(11)).isZero();
  }

  @Test
  void cosineFallsOverTheWholeBudgetAndCanBeCutShort() {
    assertThat(cosine.at(54)).isEqualTo(PEAK / 2, within(1e-5));
    assertThat(cosine.at(99)).isEqualTo(0, within(1e-12));
    LearningRate early = new LearningRate(training(Schedule.Cosine), 54L);
    assertThat(early.at(54)).isLessThan(cosine.at(54));
    assertThat(early.at(73)).isEqualTo(0, within(1e-12));
  }
}
