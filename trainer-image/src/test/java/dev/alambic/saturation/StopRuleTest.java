package dev.alambic.saturation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.SaturationAction;
import dev.alambic.api.v1alpha1.SaturationState;
import dev.alambic.api.v1alpha1.StopCause;
import dev.alambic.run.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StopRuleTest {
  @Test
  void onceDecidedItStaysDecided() {
    StopRule rule =
        StopRule.of(SaturationAction.Stop)
            .observe(verdict(SaturationState.Saturated), 400)
            .observe(verdict(SaturationState.Improving), 500)
            .observe(verdict(SaturationState.Saturated), 600);

    assertThat(rule.startDecay()).isTrue();
    assertThat(rule.stoppedAt()).isEqualTo(400);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "Saturated")
  void nothingElseStopsARun(SaturationState state) {
    StopRule rule = StopRule.of(SaturationAction.Stop).observe(verdict(state), 400);

    assertThat(rule.startDecay()).isFalse();
    assertThat(rule.savedTokens(1000, 100)).isZero();
  }

  @Test
  void continueOnlyReports() {
    StopRule rule =
        StopRule.of(SaturationAction.Continue).observe(verdict(SaturationState.Saturated), 400);

    assertThat(rule.startDecay()).isFalse();
  }

  @Test
  void aRequestStopsWhateverTheActionIs() {
    StopRule rule = StopRule.of(SaturationAction.Continue).request(400).request(500);

    assertThat(rule.stoppedAt()).isEqualTo(400);
    assertThat(rule.report(verdict(SaturationState.Improving), 1000, 100).stoppedBy())
        .isEqualTo(StopCause.Request);
    assertThat(
            StopRule.of(SaturationAction.Stop)
                .observe(verdict(SaturationState.Saturated), 300)
                .request(400)
                .cause())
        .isEqualTo(StopCause.Saturation);
  }

  @Test
  void savesWhatDecayLeavesOfTheBudget() {
    StopRule rule =
        StopRule.of(SaturationAction.Stop).observe(verdict(SaturationState.Saturated), 400);

    assertThat(rule.savedTokens(1000, 100)).isEqualTo(500);
    assertThat(rule.savedTokens(450, 100)).isZero();
    assertThat(rule.report(verdict(SaturationState.Saturated), 1000, 100).savedTokens())
        .isEqualTo(500);
  }

  private static Progress.Saturation verdict(SaturationState state) {
    return new Progress.Saturation(
        state,
        "",
        new Progress.Gains(null, null, null),
        new Progress.Range(null, null, null),
        null,
        null,
        null);
  }
}
