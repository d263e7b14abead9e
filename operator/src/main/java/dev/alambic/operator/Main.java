package dev.alambic.operator;

import dev.alambic.operator.controller.OperatorCommand;
import dev.alambic.run.Neutral;
import dev.alambic.run.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What runs in the operator's image. */
@Command(
    name = "alambic",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Reconciles DistillationJobs.",
    subcommands = OperatorCommand.class)
public final class Main {
  private Main() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] arguments) {
    Neutral.language();
    CommandLine commands = new CommandLine(new Main());
    commands.getCommandSpec().version("alambic " + Version.current());
    System.exit(commands.execute(arguments));
  }
}
