package dev.alambic.bench.process;

import dev.alambic.cli.local.Ports;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Programs in processes of their own, with this one's JVM, options and classes. */
public final class FreshJvm {
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroy)));
  }

  private FreshJvm() {}

  /** The command line of a program. */
  public static List<String> command(Class<?> program, String... arguments) {
    return command(List.of(), program, arguments);
  }

  private static List<String> command(List<String> options, Class<?> program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Addresses, host:port, that are free now and at which processes of this machine can meet. */
  public static List<String> addresses(int count) {
    return Ports.free(count).stream().map(port -> "127.0.0.1:" + port).toList();
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
   * Runs a program several times at once, each with the argument and its rank.
   *
   * @param options of its JVM, which win over this one's
   * @return what each wrote to its standard output, by rank: less than a pipe holds
   * @throws RunException with the exit code of one that failed; the others are stopped
   */
  public static List<String> ranks(
      List<String> options, Class<?> program, int count, String argument)
      throws IOException, InterruptedException {
    return outputs(
        IntStream.range(0, count)
            .mapToObj(rank -> command(options, program, argument, Integer.toString(rank)))
            .toList());
  }

  private static List<String> outputs(List<List<String>> commands)
      throws IOException, InterruptedException {
    List<Process> processes = new ArrayList<>();
    try {
      for (List<String> command : commands) {
        ProcessBuilder program = new ProcessBuilder(command);
        processes.add(program.redirectError(ProcessBuilder.Redirect.INHERIT).start());
        RUNNING.addAll(processes);
      }
      List<String> outputs = new ArrayList<>();
      for (Process process : processes) {
        outputs.add(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        requireSuccess(process.waitFor(), commands.get(0).get(0));
      }
      return outputs;
    } finally {
      processes.forEach(Process::destroy);
      processes.forEach(RUNNING::remove);
    }
  }

  private static void requireSuccess(int exit, String program) {
    if (exit != 0) {
      throw new RunException(
          ExitCode.of(exit), program + " failed with exit code " + exit + ", see above");
    }
  }
}
