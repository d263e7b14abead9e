package dev.alambic.bench.report;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
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
   * Runs a command, or one of its subcommands. What a user can mend is told in one line; a bug
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

  /** The command as one would type it again, with all that its numbers depend on. */
  static String typed(CommandSpec command) {
    Stream<String> arguments = command.positionalParameters().stream().map(ArgSpec::paramLabel);
    Stream<String> options =
        command.options().stream()
            .filter(option -> !option.usageHelp() && !option.versionHelp())
            .map(Benchmark::typed);
    return Stream.concat(Stream.concat(Stream.of(command.qualifiedName()), arguments), options)
        .filter(word -> !word.isEmpty())
        .collect(Collectors.joining(" "));
  }

  private static String typed(OptionSpec option) {
    Object value = option.getValue();
    if (value == null || value.equals(false)) {
      return "";
    }
    if (value instanceof Path) {
      boolean keepsFiles = option.initialValue() != null; // Numbers don't depend on where.
      return keepsFiles ? "" : option.longestName() + " " + option.paramLabel();
    }
    if (value instanceof List<?> list) {
      value = list.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
    return value.equals(true) ? option.longestName() : option.longestName() + " " + value;
  }
}
