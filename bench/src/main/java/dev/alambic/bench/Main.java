package dev.alambic.bench;

import dev.alambic.bench.collectives.CollectivesCommand;
import dev.alambic.bench.distil.DistilVsScratchCommand;
import dev.alambic.bench.distil.EncodingsCommand;
import dev.alambic.bench.fuzz.FuzzCommand;
import dev.alambic.bench.load.LoadCommand;
import dev.alambic.bench.nccl.NcclCommand;
import dev.alambic.bench.rollout.PostTrainingCommand;
import dev.alambic.bench.saturation.SaturationCommand;
import dev.alambic.bench.server.TeacherServerCommand;
import dev.alambic.bench.speed.GenerateSpeedCommand;
import dev.alambic.bench.speed.SpeedCommand;
import dev.alambic.bench.stopping.StoppingCommand;
import dev.alambic.bench.trainers.TrainersCommand;
import dev.alambic.run.RunException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The benchmarks, one command each. */
@Command(
    name = "bench/run",
    mixinStandardHelpOptions = true,
    subcommands = {
      CollectivesCommand.class,
      DistilVsScratchCommand.class,
      EncodingsCommand.class,
      FuzzCommand.class,
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
    System.exit(execute(new Main(), arguments));
  }

  /** Runs one of the commands, or this one, which has them all; the result is an exit code. */
  public static int execute(Object command, String... arguments) {
    CommandLine line = new CommandLine(command);
    line.setExecutionExceptionHandler((e, failed, parsed) -> report(e, failed));
    return line.execute(arguments);
  }

  /** One line for what a user can mend; a bug keeps its stack trace. */
  private static int report(Exception failure, CommandLine command) throws Exception {
    if (failure instanceof RunException known) {
      command.getErr().println("error: " + known.getMessage());
      return known.exitCode().code();
    }
    throw failure;
  }
}
