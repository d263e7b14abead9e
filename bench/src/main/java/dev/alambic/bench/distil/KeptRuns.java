package dev.alambic.bench.distil;

import static dev.alambic.bench.report.Numbers.count;
import static dev.alambic.bench.report.Numbers.decimal;

import dev.alambic.bench.process.FreshJvm;
import dev.alambic.bench.process.Workers;
import dev.alambic.bench.report.Benchmark;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import picocli.CommandLine.Option;

/** A benchmark of many runs, each in a process of one thread. What is done is not done again. */
abstract class KeptRuns extends Benchmark {
  @Option(
      names = "--data",
      required = true,
      description = "Folder with tinyshakespeare/input.txt and wikitext-2/valid.txt")
  private Path data;

  @Option(names = "--work", description = "Where models and results are kept, to go on with")
  private Path workPath = Path.of("runs/bench/distil-vs-scratch");

  @Option(names = "--jobs", description = "Runs at a time, each on one thread")
  private int jobs = 2;

  private WorkFolder work;
  private ResultFile results;
  private int done;

  @Override
  protected final String measure() throws IOException, InterruptedException {
    work = new WorkFolder(workPath);
    Files.createDirectories(workPath);
    results = new ResultFile(work.results(), work.prepare(data));
    return report();
  }

  /** Does the runs; the result is what is printed. */
  protected abstract String report() throws IOException, InterruptedException;

  /**
   * Carries out what has no result yet.
   *
   * @param enough whether an earlier result says all that is asked for
   * @return the results of all of them
   * @throws RunException when a run fails; the others are stopped
   */
  protected final Map<Run, Result> results(List<Run> runs, Predicate<Result> enough)
      throws IOException, InterruptedException {
    Map<Run, Result> known = results.read();
    List<Run> missing =
        runs.stream()
            .filter(run -> !known.containsKey(run) || !enough.test(known.get(run)))
            .toList();
    done = runs.size() - missing.size();
    new Workers<Run>(jobs).forEach(missing, run -> keep(carryOut(run), runs.size()));
    return results.ofRuns(runs);
  }

  private Result carryOut(Run run) throws IOException, InterruptedException {
    List<String> command =
        FreshJvm.command(TrainingRun.class, ResultFile.line(run), work.root().toString());
    return ResultFile.parse(FreshJvm.output(command))
        .orElseThrow(() -> new RunException(ExitCode.SOFTWARE, run.name() + " has no result"));
  }

  private synchronized void keep(Result result, int all) throws IOException {
    results.append(result);
    done++;
    System.err.printf(
        "%d/%d: %s: loss %s, %s tokens/s%n",
        done,
        all,
        result.run().name(),
        decimal(4, result.crossEntropy()),
        count(Math.round(result.tokensPerSecond())));
  }
}
