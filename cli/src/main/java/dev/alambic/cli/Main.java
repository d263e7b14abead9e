package dev.alambic.cli;

import dev.alambic.cli.conform.ConformCommand;
import dev.alambic.operator.controller.OperatorCommand;
import dev.alambic.run.Neutral;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Distils language models: on this machine, or in a cluster. */
@Command(
    name = "alambic",
    mixinStandardHelpOptions = true,
    version = "alambic 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    description = "Knowledge distillation of language models.",
    subcommands = {
      RunCommand.class,
      PlanCommand.class,
      PretrainCommand.class,
      InspectCommand.class,
      ConformCommand.class,
      OperatorCommand.class
    })
public final class Main {
  private Main() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] arguments) {
    Neutral.language();
    System.exit(new CommandLine(new Main()).execute(arguments));
  }
}
