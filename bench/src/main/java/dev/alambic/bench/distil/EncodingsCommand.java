package dev.alambic.bench.distil;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Bytes and kept gain of each encoding of a teacher's signals. */
@Command(
    name = "encodings",
    description =
        "Bytes per token and validation loss by encoding of the signal, on the same tokens."
            + " Interrupted, it continues where it was when started again.")
public final class EncodingsCommand extends KeptRuns {
  /** The best of the four that distil-vs-scratch tries, from scratch. */
  private static final double RATE = 1e-2;

  @Option(names = "--steps", description = "Of 1024 tokens, of each student")
  private long steps = 400;

  @Option(names = "--seeds", split = ",", description = "Of the students")
  private List<Long> seeds = List.of(1L, 2L, 3L);

  @Override
  protected String report() throws IOException, InterruptedException {
    Run teacher = Design.full().largeTeacher();
    Encodings encodings = new Encodings(teacher, steps * Models.STEP, RATE, seeds);
    List<Run> runs = new ArrayList<>(List.of(teacher));
    // A result of distil-vs-scratch has no confidence.
    results(runs, result -> result.confidence() != null);
    runs.addAll(encodings.students());
    return encodings.report(results(runs, result -> result.confidence() != null));
  }
}
