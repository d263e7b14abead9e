package dev.alambic.bench.distil;

import static dev.alambic.bench.report.Numbers.count;
import static dev.alambic.bench.report.Numbers.decimal;

import dev.alambic.bench.report.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Distilled against trained from scratch at equal tokens, and a small teacher against a large. */
@Command(
    name = "distil-vs-scratch",
    mixinStandardHelpOptions = true,
    description =
        "Validation loss at equal tokens: distilled or from scratch, small or large teacher."
            + " Interrupted, it continues where it was when started again.")
public final class DistilVsScratchCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      required = true,
      description = "Folder with tinyshakespeare/input.txt and wikitext-2/valid.txt")
  private Path data;

  @Option(
      names = "--work",
      description =
          "Where models and results are kept; another folder, or none yet, starts from the beginning"
              + " (default: ${DEFAULT-VALUE})")
  private Path workPath = Path.of("runs/bench/distil-vs-scratch");

  @Option(
      names = "--jobs",
      description = "Runs at a time, each on one thread (default: ${DEFAULT-VALUE})")
  private int jobs = 2;

  @Option(names = "--quick", description = "A few steps of everything; its numbers mean nothing")
  private boolean quick;

  private int done;
  private int all;
  private long started;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Design design = quick ? Design.quick() : Design.full();
    WorkFolder work = new WorkFolder(workPath);
    Files.createDirectories(workPath);
    ResultFile results = new ResultFile(work.results(), work.prepare(data));
    started = System.nanoTime();
    try (RunProcesses processes = new RunProcesses(work)) {
      all = design.preparation().size() + design.comparison(0).size();
      complete(design.preparation(), results, processes);
      double rate = design.bestRate(results.read());
      complete(design.comparison(rate), results, processes);
      print(new Report(design, results.ofRuns(runs(design, rate)), rate));
    }
    return 0;
  }

  private static List<Run> runs(Design design, double rate) {
    return Stream.concat(design.preparation().stream(), design.comparison(rate).stream()).toList();
  }

  /** Carries out what has no result yet. */
  private void complete(List<Run> runs, ResultFile results, RunProcesses processes)
      throws InterruptedException {
    Map<Run, Result> known = results.read();
    List<Run> missing = runs.stream().filter(run -> !known.containsKey(run)).toList();
    done += runs.size() - missing.size();
    processes.carryOut(
        missing,
        jobs,
        result -> {
          results.append(result);
          say(result);
        });
  }

  private void say(Result result) {
    done++;
    System.err.printf(
        "%d/%d after %d s: %s: loss %s, %s tokens/s%n",
        done,
        all,
        Duration.ofNanos(System.nanoTime() - started).toSeconds(),
        result.run().name(),
        decimal(4, result.crossEntropy()),
        count(Math.round(result.tokensPerSecond())));
  }

  private void print(Report report) {
    String command =
        "bench/run distil-vs-scratch --data DIR --jobs " + jobs + (quick ? " --quick" : "");
    System.out.println(Provenance.now(command).text());
    System.out.print(report.text());
  }
}
