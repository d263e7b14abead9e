package dev.alambic.corpus;

import dev.alambic.failure.RunException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Reads and writes on threads that are never interrupted: a run that is asked to stop interrupts
 * its own thread, and a file channel that is in use by an interrupted thread closes.
 */
final class Background {
  private Background() {}

  /** Starts work; what it throws comes out of {@link #result}. */
  static <T> CompletableFuture<T> start(Callable<T> work) {
    CompletableFuture<T> future = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                future.complete(work.call());
              } catch (Throwable e) {
                future.completeExceptionally(e);
              }
            },
            "corpus");
    thread.setDaemon(true);
    thread.start();
    return future;
  }

  /** Waits for work and rethrows why it failed. */
  static <T> T result(CompletableFuture<T> work) {
    try {
      return work.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RunException failure) {
        throw failure;
      }
      throw e;
    }
  }
}
