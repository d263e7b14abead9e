package dev.alambic.operator.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** A teacher or trainer as a process of this machine; its output goes to a log file. */
final class ChildProcess {
  private final Process process;

  private ChildProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts a command of the launcher. The child leaves the terminal's interrupt to this process.
   *
   * @param launcher the {@code alambic} script
   * @param environment what the child has beside this process's own
   * @throws IOException if it cannot be started or the log not be written
   */
  static ChildProcess start(
      Path launcher, List<String> arguments, Map<String, String> environment, Path log)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(launcher.toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.environment().put("ALAMBIC_CHILD", "1");
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Process process = builder.start();
    process.getOutputStream().close();
    return new ChildProcess(process);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** How it ended; empty while it runs. */
  OptionalInt exitCode() {
    return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
  }

  /** Asks it to stop (SIGTERM). */
  void terminate() {
    process.destroy();
  }

  /** Waits for its end, but no longer than this. */
  void awaitEndOr(Duration patience) throws InterruptedException {
    boolean unused = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Waits for its end, and kills it if that does not come in time. */
  void awaitEnd(Duration patience) throws InterruptedException {
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
