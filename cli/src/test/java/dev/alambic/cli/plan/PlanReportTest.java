package dev.alambic.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.operator.plan.Device;
import dev.alambic.operator.plan.Facts;
import dev.alambic.operator.plan.PlanException;
import dev.alambic.operator.plan.Planner;
import dev.alambic.operator.plan.SizeRule;
import dev.alambic.operator.plan.Specs;
import org.junit.jupiter.api.Test;

class PlanReportTest {
  private static final PlanReport.Machine MACHINE = new PlanReport.Machine(0.4, 1000);
  private static final String GPUS = "pod: {resources: {limits: {nvidia.com/gpu: %d}}}";

  private static PlanReport of(Facts facts, String... fields) {
    DistillationJobSpec spec = Specs.with(fields);
    try {
      return PlanReport.of(Planner.plan("job", spec, facts), spec, facts.teacher(), MACHINE);
    } catch (PlanException e) {
      throw new AssertionError(e);
    }
  }

  private static PlanReport gemma() {
    return of(
        Specs.gemma(Device.gpu(1_000_000_000_000L, 8)),
        "student: {size: 2.6B}",
        "tokenBudget: 2T",
        "training: {sequenceLength: 4096}",
        "teacher: {replicas: 3, " + GPUS.formatted(1) + "}",
        "trainer: {" + GPUS.formatted(1) + "}");
  }

  /** By hand: 6 x 2.61e9 x 2e12 operations at 4e14 a second are 21.8K hours. */
  @Test
  void gpuHoursAreOperationsOverSpeed() {
    PlanReport.Compute compute = gemma().compute();

    assertThat(compute.trainerGpuHours()).isCloseTo(21_780, within(50.0));
    assertThat(compute.teacherGpuHours()).isCloseTo(75_630, within(50.0));
    assertThat(compute.teacherPerTrainer()).isCloseTo(3.47, within(0.01));
    // Three teachers are slower than one trainer.
    assertThat(compute.hours()).isCloseTo(75_630 / 3.0, within(20.0));
    assertThat(compute.tokensPerSecond()).isCloseTo(2e12 / 3600 / compute.hours(), within(1.0));
  }

  /** docs/signal-format.md: 37.5 bytes a token at 2.1 nats, and 64 a sequence. */
  @Test
  void aSampledRecordHasTheSizeThatWasMeasured() {
    PlanReport.Signal signal = gemma().signal();

    assertThat(signal.bytesPerToken()).isCloseTo(37.5, within(0.2));
    assertThat(signal.bytes()).isCloseTo(2e12 * signal.bytesPerToken(), within(1.0));
  }

  @Test
  void aDenseRecordHoldsTheVocabulary() {
    PlanReport report = of(Specs.toy(), "signal: {encoding: Dense}");

    assertThat(report.signal().bytesPerToken())
        .isCloseTo(4 + 4 * 2048 + 64.0 / report.training().sequenceLength(), within(1e-9));
  }

  @Test
  void whatIsNotKnownOfATeacherIsSaid() {
    Facts nothing = Facts.of(Device.cpu(2));
    PlanReport report = of(nothing, "student: {size: 2.6B}", "tokenBudget: 2T");

    assertThat(report.teacher().assumed())
        .containsExactly("parameters: not known", "vocabulary: Gemma 2's");
    assertThat(report.compute().teacherPerTrainer()).isNull();
    assertThat(report.compute().teacherGpuHours()).isNull();
    assertThat(
            of(nothing, "student: {size: 2.6B}", "teacher: {size: 27B}")
                .compute()
                .teacherPerTrainer())
        .isPositive();
  }

  @Test
  void withoutGpusThereIsNoTime() {
    assertThat(of(Specs.toy()).compute().hours()).isNull();
  }

  @Test
  void saturationNamesBothItsSources() {
    PlanReport.Saturation saturation = gemma().saturation();

    assertThat(saturation.expectedTokens()).isEqualTo(2_000_000_000_000L);
    assertThat(saturation.expectedBy()).contains("interview");
    assertThat(saturation.sizeRule()).isEqualTo(SizeRule.of(2_600_000_000L));
    assertThat(saturation.sizeRuleBy()).contains("2404.10102");
  }
}
