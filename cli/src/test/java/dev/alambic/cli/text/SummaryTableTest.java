package dev.alambic.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.operator.TestProgress;
import dev.alambic.run.Progress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTableTest {
  private static final SummaryTable.Outputs OUTPUTS =
      new SummaryTable.Outputs(
          "out/student", "out/curve.svg", "out/report.html", "out/status.yaml");

  @Test
  void isOneFactALineAligned() {
    Progress complete = Runs.run(Progress.State.Complete, null, Runs.CURVE, Runs.near(5_000_000L));

    assertThat(SummaryTable.of(complete, Duration.ofSeconds(231), OUTPUTS))
        .isEqualTo(
            """
            job              gemma-mini
            state            complete
            tokens           12.3M of 50M
            steps            1234
            wall time        3m 51s
            speed            41.2K tokens/s
            train loss       3.2100 nats
            validation loss  3.4000 nats (perplexity 29.96)
            teacher's loss   2.9000 nats (perplexity 18.17)
            divergence       0.5000 nats to the teacher
            saturation       NearSaturation: the estimate is within twice the tokens so far
            saturation at    near 18M tokens (12M to 31M)
            gains            0.010 nats for 10 % more tokens, 0.070 for twice, 0.19 for 10 times
            noise            0.0040 nats in one evaluation
            ended early      at saturation; 5M tokens saved, about 2m 01s
            student          out/student
            curve            out/curve.svg
            report           out/report.html
            status           out/status.yaml
            """);
  }

  @Test
  void leavesOutWhatIsNotKnownAndSaysWhatFailed() {
    Progress failed =
        TestProgress.progress(Progress.State.Failed, 0)
            .with(
                said ->
                    said.stage(new Progress.Stage(Progress.State.Failed, "corpus is empty"))
                        .position(new Progress.Position(0, 0, 1000))
                        .learning(Progress.Learning.NOTHING.withBadSteps(3)));

    assertThat(
            SummaryTable.of(
                failed, Duration.ZERO, new SummaryTable.Outputs(null, "c.svg", "r.html", "s.yaml")))
        .isEqualTo(
            """
            job        j
            state      failed: corpus is empty
            tokens     0 of 1K
            steps      0 (3 skipped: not finite, or exploded)
            wall time  0s
            curve      c.svg
            report     r.html
            status     s.yaml
            """);
  }

  @Test
  void anAbsurdLossHasNoPerplexity() {
    Progress diverged =
        Runs.run(
            Progress.State.Training,
            null,
            List.of(new Progress.CurvePoint(1000, 900.0, null, null, null, true)),
            null);

    assertThat(SummaryTable.of(diverged, Duration.ZERO, OUTPUTS))
        .contains("900.0000 nats\n")
        .doesNotContain("perplexity");
  }
}
