package dev.alambic.cli;

import dev.alambic.cli.conform.ConformCommand;
import dev.alambic.operator.controller.OperatorCommand;
import dev.alambic.run.Neutral;
import dev.alambic.run.Version;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Distils language models: on this machine, or in a cluster. */
@Command(
    name = "alambic",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Knowledge distillation of language models.",
    subcommands = {
      RunCommand.class,
      PlanCommand.class,
      PretrainCommand.class,
      InspectCommand.class,
      ConformCommand.class,
      OperatorCommand.class,
      GenerateCompletion.class
    })
public final class Main {
  private Main() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] arguments) {
    Neutral.language();
    CommandLine commands = new CommandLine(new Main());
    commands.getCommandSpec().version("alambic " + Version.current());
    commands
        .getSubcommands()
        .get("generate-completion")
        .getCommandSpec()
        .usageMessage()
        .hidden(true);
    System.exit(commands.execute(arguments));
  }
}
