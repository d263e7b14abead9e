package dev.alambic.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.alambic.api.v1alpha1.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleDefaultsTest {

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "10, 1",
    "50, 5",
    "100, 5",
    "1500, 30",
    "5000, 100",
    "9999, 100",
    "477000, 4770"
  })
  void warmUpIsTwoThenOnePercentAndAtLeastFiveStepsOfALongEnoughRun(long steps, long warmup) {
    assertThat(ScheduleDefaults.warmupSteps(steps)).isEqualTo(warmup);
  }

  @Test
  void theLastTenthDecaysUnlessACosineDoes() {
    assertThat(ScheduleDefaults.decaySteps(Schedule.WarmupStableDecay, 1465)).isEqualTo(147);
    assertThat(ScheduleDefaults.decaySteps(Schedule.WarmupStableDecay, 1)).isEqualTo(1);
    assertThat(ScheduleDefaults.decaySteps(Schedule.Cosine, 1465)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"768, 6e-4", "2048, 2e-4", "2560, 1.6e-4", "4096, 1.2e-4", "5140, 1e-4"})
  void thePeakRateIsWithinAThirdOfGpt3sTable(int width, double published) {
    assertThat(ScheduleDefaults.peakLearningRate(width))
        .isCloseTo(published, within(published / 3));
  }

  @Test
  void thePeakRateStaysWithinBounds() {
    assertThat(ScheduleDefaults.peakLearningRate(16)).isEqualTo(6e-3);
    assertThat(ScheduleDefaults.peakLearningRate(1 << 20)).isEqualTo(1e-5);
  }

  @Test
  void aStableRateDecaysToNothingAndACosineToATenth() {
    assertThat(ScheduleDefaults.finalLearningRate(Schedule.WarmupStableDecay, 1e-3)).isZero();
    assertThat(ScheduleDefaults.finalLearningRate(Schedule.Cosine, 1e-3)).isEqualTo(1e-4);
  }
}
