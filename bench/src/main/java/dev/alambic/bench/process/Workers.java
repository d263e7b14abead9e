package dev.alambic.bench.process;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Works through a list, a few at a time and in its order; the first failure ends it. */
public record Workers<T>(int count) {
  /** What is done with one item. */
  public interface Work<T> {
    /** Does it. */
    void on(T item) throws Exception;
  }

  /**
   * Returns when all are done, or throws what the first failure threw, having interrupted the
   * others.
   */
  public void forEach(List<T> items, Work<T> work) throws InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(count);
    try {
      ExecutorCompletionService<Void> done = new ExecutorCompletionService<>(pool);
      for (T item : items) {
        done.submit(
            () -> {
              work.on(item);
              return null;
            });
      }
      for (int i = 0; i < items.size(); i++) {
        done.take().get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException(e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }
}
