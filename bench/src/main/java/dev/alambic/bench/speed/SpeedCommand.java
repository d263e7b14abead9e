package dev.alambic.bench.speed;

import static dev.alambic.bench.report.Numbers.count;

import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.bench.process.Stopwatch.Pace;
import dev.alambic.bench.report.Benchmark;
import dev.alambic.bench.report.MarkdownTable;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.torch.Torch;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The speed of a training step and of a teacher beside a bare matmul's, in one process. */
@Command(
    name = "speed",
    description = "Tokens/s and GFLOP/s of a training step and a teacher beside a bare matmul's")
public final class SpeedCommand extends Benchmark {
  private static final Pace FULL = new Pace(5, 15, 5);
  private static final Pace QUICK = new Pace(1, 2, 0);

  @Option(names = "--threads", split = ",", description = "Of the engine, each measured")
  private List<Integer> threads = List.of(1, 2);

  @Option(names = "--precision", split = ",", description = "FP32, BF16 or both")
  private List<Precision> precisions = List.of(Precision.FP32);

  @Option(names = "--quick", description = "Two steps of each; its numbers mean nothing")
  private boolean quick;

  @Override
  protected String measure() {
    Torch.start(threads.get(0));
    List<Measurement> measurements = new ArrayList<>();
    for (ModelSize size : ModelSize.all()) {
      for (Precision precision : precisions) {
        for (int count : threads) {
          System.err.printf(
              "%d parameters, %s, threads: %d%n", size.shape().parameters(), precision, count);
          measurements.add(Measurement.of(size, count, precision, quick ? QUICK : FULL));
        }
      }
    }
    return """
        Training step, signals of 50 draws, medians:

        %s
        Teacher, a sequence at a time, signals of 50 draws, medians:

        %s"""
        .formatted(steps(measurements).text(), teachers(measurements).text());
  }

  static MarkdownTable steps(List<Measurement> measurements) {
    MarkdownTable table =
        new MarkdownTable(
            "parameters | hidden | vocabulary | batch | precision | threads"
                + " | step tokens/s %.0f | step GFLOP/s %.1f | matmul GFLOP/s %.1f | step / matmul %.2f");
    for (Measurement m : measurements) {
      DecoderConfig shape = m.size().shape();
      table.row(
          count(shape.parameters()),
          shape.hiddenSize(),
          shape.vocabulary().size(),
          m.size().batch() + " x " + ModelSize.SEQUENCE,
          m.precision(),
          m.threads(),
          m.step(),
          m.stepGigaflops(),
          m.matmul(),
          m.stepGigaflops() / m.matmul());
    }
    return table;
  }

  static MarkdownTable teachers(List<Measurement> measurements) {
    MarkdownTable table =
        new MarkdownTable(
            "parameters | precision | threads | scoring tokens/s %.0f | forward tokens/s %.0f"
                + " | scoring / forward %.2f | scoring GFLOP/s %.1f | scoring / matmul %.2f");
    for (Measurement m : measurements) {
      table.row(
          count(m.size().shape().parameters()),
          m.precision(),
          m.threads(),
          m.scoring(),
          m.forward(),
          m.scoring() / m.forward(),
          m.scoringGigaflops(),
          m.scoringGigaflops() / m.matmul());
    }
    return table;
  }
}
