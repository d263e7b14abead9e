package dev.alambic.bench;

import dev.alambic.bench.collectives.CollectivesCommand;
import dev.alambic.bench.distil.DistilVsScratchCommand;
import dev.alambic.bench.distil.EncodingsCommand;
import dev.alambic.bench.load.LoadCommand;
import dev.alambic.bench.nccl.NcclCommand;
import dev.alambic.bench.report.Benchmark;
import dev.alambic.bench.rollout.PostTrainingCommand;
import dev.alambic.bench.saturation.SaturationCommand;
import dev.alambic.bench.server.TeacherServerCommand;
import dev.alambic.bench.speed.GenerateSpeedCommand;
import dev.alambic.bench.speed.SpeedCommand;
import dev.alambic.bench.stopping.StoppingCommand;
import dev.alambic.bench.trainers.TrainersCommand;
import picocli.CommandLine.Command;

/** The benchmarks, one command each. */
@Command(
    name = "bench/run",
    subcommands = {
      CollectivesCommand.class,
      DistilVsScratchCommand.class,
      EncodingsCommand.class,
      GenerateSpeedCommand.class,
      LoadCommand.class,
      NcclCommand.class,
      PostTrainingCommand.class,
      SaturationCommand.class,
      SpeedCommand.class,
      StoppingCommand.class,
      TeacherServerCommand.class,
      TrainersCommand.class
    })
public final class Main {
  private Main() {}

  /** Runs a benchmark. */
  public static void main(String[] arguments) {
    System.exit(Benchmark.execute(new Main(), arguments));
  }
}
