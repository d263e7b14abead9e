package dev.alambic.cli;

import dev.alambic.cli.report.CurvePlot;
import dev.alambic.cli.report.HtmlReport;
import dev.alambic.cli.text.Runs;
import dev.alambic.cli.text.SummaryTable;
import dev.alambic.operator.plan.PlanException;
import dev.alambic.operator.plan.Planner;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.operator.plan.Specs;
import dev.alambic.run.Neutral;
import dev.alambic.run.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A program of its own that writes what a run writes for people: to the folder of its argument. */
final class Writers {
  private Writers() {}

  public static void main(String[] arguments) throws IOException, PlanException {
    Neutral.language();
    Path folder = Path.of(arguments[0]);
    Progress progress = Runs.coolingDown();
    CurvePlot.write(progress, folder.resolve("curve.svg"));
    HtmlReport.write(
        progress,
        SummaryTable.rows(progress, Duration.ofSeconds(4567)),
        "tokenBudget: 50M",
        folder.resolve("report.html"));
    RunPlan plan = Planner.plan("job", Specs.with("tokenBudget: 20B"), Specs.toy());
    System.out.println(plan.advice());
    System.out.println(
        SummaryTable.of(
            progress,
            Duration.ofSeconds(4567),
            new SummaryTable.Outputs("student", "curve", "report", "status")));
  }
}
