package dev.alambic.bench.report;

import dev.alambic.failure.RunException;
import picocli.CommandLine;

/** How a benchmark is run from the command line, and how a failure is reported. */
public final class CommandExecution {
  private CommandExecution() {}

  /** Runs a command, or one of its subcommands; the result is an exit code. */
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
