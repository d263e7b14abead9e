package dev.alambic.bench.distil;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Works through a list, a few at a time and in its order; the first failure ends it. */
final class Workers<T> {
  private final int count;

  Workers(int count) {
    this.count = count;
  }

  /** What is done with one item. */
  interface Work<T> {
    void on(T item) throws Exception;
  }

  /**
   * Returns when all are done, or throws what the first failure threw, having interrupted the
   * others.
   */
  void forEach(List<T> items, Work<T> work) throws InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(count);
    try {
      ExecutorCompletionService<Void> done = new ExecutorCompletionService<>(pool);
      List<Object> waiting = new ArrayList<>();
      for (T item : items) {
        waiting.add(
            done.submit(
                () -> {
                  work.on(item);
                  return null;
                }));
      }
      for (int i = 0; i < waiting.size(); i++) {
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
