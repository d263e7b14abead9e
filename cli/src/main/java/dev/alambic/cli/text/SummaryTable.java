package dev.alambic.cli.text;

import dev.alambic.api.v1alpha1.Count;
import dev.alambic.run.Progress;
import dev.alambic.run.Progress.CurvePoint;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** What is printed when a run has ended: one fact a line, aligned. */
public final class SummaryTable {
  /** A perplexity above this is not worth printing. */
  private static final double MAX_PRINTED_LOSS = 20;

  private final FactTable rows = new FactTable();

  private SummaryTable() {}

  /**
   * Where a run left what it made.
   *
   * @param student folder, or null if there is none
   * @param curve the plot
   * @param report the run on one page
   * @param status the job with its status
   */
  public record Outputs(String student, String curve, String report, String status) {}

  /** The table of a run's last progress, ending with a line break. */
  public static String of(Progress progress, Duration wallTime, Outputs outputs) {
    SummaryTable table = facts(progress, wallTime);
    table.add("student", outputs.student());
    table.add("curve", outputs.curve());
    table.add("report", outputs.report());
    table.add("status", outputs.status());
    return table.rows.print();
  }

  /** The run's numbers alone. */
  public static FactTable rows(Progress progress, Duration wallTime) {
    return facts(progress, wallTime).rows;
  }

  private static SummaryTable facts(Progress progress, Duration wallTime) {
    SummaryTable table = new SummaryTable();
    table.addRun(progress, wallTime);
    table.addLosses(progress);
    table.addSaturation(progress);
    return table;
  }

  private void addRun(Progress progress, Duration wallTime) {
    add("job", progress.job());
    add("state", ProgressText.activity(progress));
    add("tokens", ProgressText.tokens(progress).replace("/", " of "));
    add("steps", steps(progress));
    add("wall time", Span.format(wallTime));
    if (progress.speed().tokensPerSecond() != null) {
      add("speed", Count.format(Math.round(progress.speed().tokensPerSecond())) + " tokens/s");
    }
  }

  private static String steps(Progress progress) {
    String skipped =
        progress.learning().badSteps() == 0
            ? ""
            : " (" + progress.learning().badSteps() + " skipped: not finite, or exploded)";
    return progress.position().step() + skipped;
  }

  private void addLosses(Progress progress) {
    add("train loss", nats(progress.learning().trainLoss()));
    Optional<CurvePoint> last = ProgressText.last(progress);
    last.map(CurvePoint::crossEntropy)
        .ifPresent(loss -> add("validation loss", withPerplexity(loss)));
    last.map(CurvePoint::teacherCrossEntropy)
        .ifPresent(loss -> add("teacher's loss", withPerplexity(loss)));
    last.map(CurvePoint::divergence)
        .ifPresent(kl -> add("divergence", nats(kl) + " to the teacher"));
  }

  private void addSaturation(Progress progress) {
    Progress.Saturation saturation = progress.verdict().saturation();
    if (saturation == null) {
      return;
    }
    String reason = saturation.reason();
    add(
        "saturation",
        reason == null ? saturation.state().name() : saturation.state() + ": " + reason);
    add("saturation at", SaturationText.point(saturation));
    add("gains", SaturationText.gains(saturation));
    add("noise", SaturationText.noise(saturation));
    add("ended early", SaturationText.saved(saturation, progress.speed().tokensPerSecond()));
  }

  private void add(String name, String value) {
    rows.add(name, value);
  }

  private static String nats(Double loss) {
    return loss == null ? null : String.format(Locale.ROOT, "%.4f nats", loss);
  }

  private static String withPerplexity(double loss) {
    return loss > MAX_PRINTED_LOSS
        ? nats(loss)
        : nats(loss) + String.format(Locale.ROOT, " (perplexity %.2f)", Math.exp(loss));
  }
}
