package dev.alambic.bench.distil;

import static dev.alambic.bench.report.Numbers.decimal;

import dev.alambic.bench.report.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What each encoding of a teacher's word costs in bytes, and what it keeps of the gain. */
@Command(
    name = "encodings",
    mixinStandardHelpOptions = true,
    description =
        "Bytes per token and validation loss by encoding of the signal, on the same tokens."
            + " Interrupted, it continues where it was when started again.")
public final class EncodingsCommand implements Callable<Integer> {
  private static final long STEP = (long) Design.BATCH * Models.SEQUENCE;

  /** The best of the four that distil-vs-scratch tries, from scratch. */
  private static final double RATE = 1e-2;

  @Option(
      names = "--data",
      required = true,
      description = "Folder with tinyshakespeare/input.txt and wikitext-2/valid.txt")
  private Path data;

  @Option(
      names = "--work",
      description = "Where models and results are kept (default: ${DEFAULT-VALUE})")
  private Path workPath = Path.of("runs/bench/distil-vs-scratch");

  @Option(
      names = "--jobs",
      description = "Runs at a time, each on one thread (default: ${DEFAULT-VALUE})")
  private int jobs = 2;

  @Option(
      names = "--steps",
      description = "Of 1024 tokens, of each student (default: ${DEFAULT-VALUE})")
  private long steps = 400;

  @Option(names = "--seeds", split = ",", description = "Default: ${DEFAULT-VALUE}")
  private List<Long> seeds = List.of(1L, 2L, 3L);

  @Override
  public Integer call() throws IOException, InterruptedException {
    Run teacher = Design.full().largeTeacher();
    EncodingsDesign design = new EncodingsDesign(teacher, steps * STEP, RATE, seeds);
    WorkFolder work = new WorkFolder(workPath);
    Files.createDirectories(workPath);
    ResultFile results = new ResultFile(work.results(), work.prepare(data));
    try (RunProcesses processes = new RunProcesses(work)) {
      complete(List.of(teacher), results, processes);
      complete(design.students(), results, processes);
    }
    List<Run> all = new ArrayList<>(design.students());
    all.add(teacher);
    System.out.println(Provenance.now("bench/run encodings --data DIR --jobs " + jobs).text());
    System.out.print(new EncodingsReport(design, results.ofRuns(all)).text());
    return 0;
  }

  private void complete(List<Run> runs, ResultFile results, RunProcesses processes)
      throws InterruptedException {
    Map<Run, Result> known = results.read();
    // A result of distil-vs-scratch has no confidence.
    List<Run> missing =
        runs.stream()
            .filter(run -> !known.containsKey(run) || known.get(run).confidence() == null)
            .toList();
    processes.carryOut(
        missing,
        jobs,
        result -> {
          results.append(result);
          System.err.println(result.run().name() + ": loss " + decimal(4, result.crossEntropy()));
        });
  }
}
