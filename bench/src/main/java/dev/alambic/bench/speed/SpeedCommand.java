package dev.alambic.bench.speed;

import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.bench.report.Provenance;
import dev.alambic.torch.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The speed of a training step and of a teacher beside a bare matmul's, in one process. */
@Command(
    name = "speed",
    mixinStandardHelpOptions = true,
    description = "Tokens/s and GFLOP/s of a training step and a teacher beside a bare matmul's")
public final class SpeedCommand implements Callable<Integer> {
  @Option(
      names = "--threads",
      split = ",",
      description = "Threads of the engine, each measured (default: ${DEFAULT-VALUE})")
  private List<Integer> threads = List.of(1, 2);

  @Option(
      names = "--precision",
      split = ",",
      description = "FP32, BF16 or both (default: ${DEFAULT-VALUE})")
  private List<Precision> precisions = List.of(Precision.FP32);

  @Option(names = "--quick", description = "Two steps of each; its numbers mean nothing")
  private boolean quick;

  @Override
  public Integer call() {
    Torch.start(threads.get(0));
    List<Measurement> measurements = new ArrayList<>();
    for (ModelSize size : ModelSize.all()) {
      for (Precision precision : precisions) {
        for (int count : threads) {
          measurements.add(measure(size, count, precision));
        }
      }
    }
    print(measurements);
    return 0;
  }

  private Measurement measure(ModelSize size, int count, Precision precision) {
    System.err.printf(
        "%d parameters, %s, threads: %d%n", size.shape().parameters(), precision, count);
    return Measurement.of(size, count, precision, quick ? Pace.QUICK : Pace.FULL);
  }

  private void print(List<Measurement> measurements) {
    System.out.println(Provenance.now(command()).text());
    System.out.println("Training step, signals of 50 draws, medians:\n");
    System.out.println(SpeedTables.steps(measurements).text());
    System.out.println("Teacher, a sequence at a time, signals of 50 draws, medians:\n");
    System.out.print(SpeedTables.teachers(measurements).text());
  }

  private String command() {
    return "bench/run speed --threads %s --precision %s%s"
        .formatted(joined(threads), joined(precisions), quick ? " --quick" : "");
  }

  private static String joined(List<?> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
