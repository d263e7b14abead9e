package dev.alambic.cli.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** A teacher or trainer as a process of this machine; its output goes to a log file. */
public final class ChildProcess {
  private final Process process;

  private ChildProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts a command. The child leaves the terminal's interrupt to this process.
   *
   * @param environment what the child has beside this process's own
   * @throws IOException if it cannot be started or the log not be written
   */
  public static ChildProcess start(List<String> command, Map<String, String> environment, Path log)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.environment().put("ALAMBIC_CHILD", "1");
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Process process = builder.start();
    process.getOutputStream().close();
    return new ChildProcess(process);
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** How it ended; empty while it runs. */
  public OptionalInt exitCode() {
    return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
  }

  /** Asks it to stop (SIGTERM). */
  public void terminate() {
    process.destroy();
  }

  /** Kills it and what it started (SIGKILL), and waits until it is gone. */
  public void kill() throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
  }

  /** Waits for its end, but no longer than this. */
  public void awaitEndOr(Duration patience) throws InterruptedException {
    boolean unused = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Waits for its end, and kills it if that does not come in time. */
  public void awaitEnd(Duration patience) throws InterruptedException {
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
