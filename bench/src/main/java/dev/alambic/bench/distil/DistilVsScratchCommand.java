package dev.alambic.bench.distil;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Distilled against trained from scratch at equal tokens, and a small teacher against a large. */
@Command(
    name = "distil-vs-scratch",
    description =
        "Validation loss at equal tokens: distilled or from scratch, small or large teacher."
            + " Interrupted, it continues where it was when started again.")
public final class DistilVsScratchCommand extends KeptRuns {
  @Option(names = "--quick", description = "A few steps of everything; its numbers mean nothing")
  private boolean quick;

  @Override
  protected String report() throws IOException, InterruptedException {
    Design design = quick ? Design.quick() : Design.full();
    List<Run> runs = new ArrayList<>(design.preparation());
    double rate = design.bestRate(results(runs, result -> true));
    runs.addAll(design.comparison(rate));
    Map<Run, Result> results = results(runs, result -> true);
    return new Report(design, results, rate).text();
  }
}
