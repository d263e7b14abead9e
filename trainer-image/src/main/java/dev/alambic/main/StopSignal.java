package dev.alambic.main;

import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * SIGTERM and SIGINT as a request: the working thread sees it, is interrupted in case it waits, and
 * given the time it needs. The process then ends with the work's own exit code, not with the
 * signal's.
 */
final class StopSignal implements BooleanSupplier {
  private final CompletableFuture<Integer> ended = new CompletableFuture<>();
  private volatile boolean requested;

  /** Listens for {@code worker}. */
  StopSignal(Thread worker) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(worker), "stop"));
  }

  private void stop(Thread worker) {
    if (!ended.isDone()) {
      requested = true;
      worker.interrupt();
      Runtime.getRuntime().halt(ended.join());
    }
  }

  /** Says that the work has ended. */
  void ended(int exitCode) {
    ended.complete(exitCode);
  }

  /** Whether the work is asked to stop. */
  @Override
  public boolean getAsBoolean() {
    return requested;
  }
}
