package dev.alambic.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.operator.TestProgress;
import dev.alambic.run.Progress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTextTest {
  @Test
  void saysEverythingOfARunInOneLine() {
    assertThat(ProgressText.line(Runs.training()))
        .isEqualTo(
            "training  12.3M/50M tokens  24.6%  loss 3.210  KL 0.500  41.2K tok/s  ETA 15m 16s"
                + "  NearSaturation ~18M");
  }

  @Test
  void whileItWaitsItSaysForWhat() {
    assertThat(ProgressText.line(Runs.at(Progress.State.WaitingForTeacher, null)))
        .isEqualTo("waiting for teacher");
    assertThat(ProgressText.line(Runs.at(Progress.State.Preparing, "tokenising corpus")))
        .isEqualTo("preparing: tokenising corpus");
  }

  @Test
  void tokensSavedAreNotWaitedFor() {
    assertThat(ProgressText.timeLeft(Runs.coolingDown()))
        .contains(Duration.ofSeconds((50_000_000 - 5_000_000 - 12_300_000) / 41_200 + 1));
  }

  @Test
  void nothingIsLeftToWaitForAtTheEnd() {
    assertThat(ProgressText.timeLeft(Runs.at(Progress.State.Complete, null))).isEmpty();
  }

  @Test
  void leavesOutWhatIsNotKnown() {
    Progress start = TestProgress.progress(Progress.State.Training, 0).withLearning(null);

    assertThat(ProgressText.line(start)).isEqualTo("training  0/1K tokens  0.0%");
  }

  @Test
  void anIntervalWithoutAnEndSaysSo() {
    assertThat(SaturationText.point(Runs.outOfSight())).isEqualTo("near 18M tokens (12M or more)");
    assertThat(SaturationText.point(Runs.near(null))).isEqualTo("near 18M tokens (12M to 31M)");
  }

  @Test
  void theBarFitsItsWidthAndDropsTheLastNumbersFirst() {
    for (int width = 20; width < 200; width++) {
      assertThat(new BarText(true).line(Runs.training(), width)).hasSizeLessThanOrEqualTo(width);
      assertThat(new BarText(false).line(Runs.coolingDown(), width))
          .hasSizeLessThanOrEqualTo(width);
    }
    assertThat(new BarText(false).line(Runs.training(), 60))
        .isEqualTo("[#####................]  25% 12.3M/50M  loss 3.210  KL 0.500");
    assertThat(new BarText(true).line(Runs.training(), 200))
        .isEqualTo(
            "▕███████▊                        ▏  25% 12.3M/50M  loss 3.210  KL 0.500  41.2K tok/s"
                + "  ETA 15m 16s  NearSaturation ~18M");
  }

  @Test
  void theBarShowsWhatTheRunWaitsFor() {
    assertThat(new BarText(true).line(Runs.at(Progress.State.WaitingForTeacher, "3 of 4"), 80))
        .isEqualTo("waiting for teacher: 3 of 4");
    assertThat(new BarText(true).line(Runs.coolingDown(), 120)).startsWith("cooling down ▕");
  }

  @Test
  void theBarIsFullAtTheBudgetAndBeyond() {
    Progress done = TestProgress.progress(Progress.State.Training, 2000);

    assertThat(new BarText(false).line(done, 40)).startsWith("[####").contains("100%");
  }
}
