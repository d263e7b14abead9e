package dev.alambic.bench.report;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A benchmark's command: it prints where its numbers come from, and below that its tables. */
public abstract class Benchmark implements Callable<Integer> {
  @Spec private CommandSpec command;

  /**
   * Measures.
   *
   * @return the tables as Markdown, each line ended
   * @throws RunException for what a user can mend
   */
  protected abstract String measure() throws Exception;

  @Override
  public final Integer call() throws Exception {
    String tables = measure();
    System.out.printf("%s%n%s", Provenance.text(typed(command)), tables);
    return 0;
  }

  /**
   * Runs a command, or one of its subcommands. What a user can mend is reported in one line; a bug
   * keeps its stack trace.
   *
   * @return an exit code
   */
  public static int execute(Object command, String... arguments) {
    CommandLine line = new CommandLine(command);
    withHelp(line);
    line.setExecutionExceptionHandler((failure, failed, parsed) -> report(failure, failed));
    return line.execute(arguments);
  }

  private static void withHelp(CommandLine line) {
    line.getCommandSpec().mixinStandardHelpOptions(true).usageMessage().showDefaultValues(true);
    line.getSubcommands().values().forEach(Benchmark::withHelp);
  }

  private static int report(Exception failure, CommandLine command) throws Exception {
    if (failure instanceof RunException known) {
      command.getErr().println("error: " + known.getMessage());
      return known.exitCode().code();
    }
    if (failure instanceof IOException) {
      command.getErr().println("error: " + failure);
      return ExitCode.IO.code();
    }
    throw failure;
  }

  /** The command as it was typed, of paths their last name alone. */
  static String typed(CommandSpec command) {
    List<String> arguments = command.commandLine().getParseResult().originalArgs();
    return arguments.stream()
        .map(argument -> argument.replaceAll("(^|=)[^=]*/", "$1"))
        .collect(Collectors.joining(" ", command.root().name() + " ", ""))
        .strip();
  }
}
