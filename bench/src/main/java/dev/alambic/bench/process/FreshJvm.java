package dev.alambic.bench.process;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Programs in processes of their own, with this one's JVM, options and classes. */
public final class FreshJvm {
  private FreshJvm() {}

  /** The command line of a program. */
  public static List<String> command(Class<?> program, String... arguments) {
    return command(List.of(), program, arguments);
  }

  /**
   * The command line of a program.
   *
   * @param options of its JVM, which win over this one's
   */
  public static List<String> command(List<String> options, Class<?> program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /**
   * Runs a command, and returns what it wrote to its standard output.
   *
   * @throws RunException with its exit code, if that is not 0
   */
  public static String output(List<String> command) throws IOException, InterruptedException {
    return outputs(List.of(command)).get(0);
  }

  /**
   * Runs commands at the same time, and returns what each wrote to its standard output: less than a
   * pipe holds.
   *
   * @throws RunException with the exit code of one that failed; the others are stopped
   */
  public static List<String> outputs(List<List<String>> commands)
      throws IOException, InterruptedException {
    List<Process> processes = new ArrayList<>();
    try {
      for (List<String> command : commands) {
        processes.add(
            new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
      }
      List<String> outputs = new ArrayList<>();
      for (Process process : processes) {
        outputs.add(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        requireSuccess(process.waitFor(), commands.get(0));
      }
      return outputs;
    } finally {
      processes.forEach(Process::destroy);
    }
  }

  private static void requireSuccess(int exit, List<String> command) {
    if (exit != 0) {
      throw new RunException(
          ExitCode.of(exit), command.get(0) + " failed with exit code " + exit + ", see above");
    }
  }
}
