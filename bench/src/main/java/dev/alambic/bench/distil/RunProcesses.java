package dev.alambic.bench.distil;

import dev.alambic.bench.process.FreshJvm;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs in processes of their own, so that each has an engine with a single thread. */
final class RunProcesses implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunProcesses.class);

  private final WorkFolder work;
  private final Set<Process> running = ConcurrentHashMap.newKeySet();
  private final Thread atExit = new Thread(this::stopAll, "stop-runs");

  RunProcesses(WorkFolder work) {
    this.work = work;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * Carries runs out.
   *
   * @param jobs how many at a time
   * @param finished gets each result, by one thread at a time
   * @throws RunException when one fails; the others are stopped
   */
  void carryOut(List<Run> runs, int jobs, Consumer<Result> finished) throws InterruptedException {
    new Workers<Run>(jobs).forEach(runs, run -> tell(finished, carryOut(run)));
  }

  private synchronized void tell(Consumer<Result> finished, Result result) {
    finished.accept(result);
  }

  private Result carryOut(Run run) throws IOException, InterruptedException {
    Process process = start(run);
    running.add(process);
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      Optional<Result> result =
          output.lines().map(ResultFile::parse).flatMap(Optional::stream).findFirst();
      int exit = process.waitFor();
      return result.orElseThrow(() -> failure(run, exit));
    } finally {
      process.destroy();
      running.remove(process);
    }
  }

  private static RunException failure(Run run, int exit) {
    LOG.error("{} ended with exit code {}", run.name(), exit);
    return new RunException(
        ExitCode.of(exit), "run " + run.name() + " failed with exit code " + exit + ", see above");
  }

  private Process start(Run run) throws IOException {
    List<String> command =
        FreshJvm.command(TrainOne.class, ResultFile.line(run), work.root().toString());
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private void stopAll() {
    running.forEach(Process::destroy);
  }

  @Override
  public void close() {
    stopAll();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      LOG.debug("the process ends, and the hook does the same", e);
    }
  }
}
