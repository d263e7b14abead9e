package dev.alambic.operator;

import dev.alambic.operator.controller.OperatorCommand;
import dev.alambic.run.Neutral;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What runs in the operator's image. */
@Command(
    name = "alambic",
    mixinStandardHelpOptions = true,
    version = "alambic 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    description = "Reconciles DistillationJobs.",
    subcommands = OperatorCommand.class)
public final class Main {
  private Main() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] arguments) {
    Neutral.language();
    System.exit(new CommandLine(new Main()).execute(arguments));
  }
}
