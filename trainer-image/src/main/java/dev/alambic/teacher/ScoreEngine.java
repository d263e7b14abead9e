package dev.alambic.teacher;

import dev.alambic.signal.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns the model: loads it, scores batches until the queue is closed and empty,
 * and closes it. A batch that fails fails its requests; several in a row mean a broken device, and
 * end the engine.
 */
final class ScoreEngine implements Runnable {
  static final int FAILURES_IN_A_ROW = 3;
  private static final Logger LOG = LoggerFactory.getLogger(ScoreEngine.class);

  private final Supplier<Scorer> loader;
  private final ScoreQueue queue;
  private final TeacherMetrics metrics;
  private final CompletableFuture<ModelDescription> loaded = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private int failuresInARow;

  ScoreEngine(Supplier<Scorer> loader, ScoreQueue queue, TeacherMetrics metrics) {
    this.loader = loader;
    this.queue = queue;
    this.metrics = metrics;
  }

  /** The model once it is loaded, or why it could not be. */
  CompletableFuture<ModelDescription> loaded() {
    return loaded;
  }

  /** Done when the engine has stopped; fails with what stopped it if that was no close. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  @Override
  public void run() {
    try {
      serve();
      ended.complete(null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      ended.complete(null);
    } catch (Throwable failure) { // whatever ends this thread must be known to who waits for it
      loaded.completeExceptionally(failure);
      ended.completeExceptionally(failure);
    } finally {
      queue.close();
      dropWaiting();
    }
  }

  private void serve() throws InterruptedException {
    try (Scorer scorer = loader.get()) {
      loaded.complete(scorer.describe());
      List<ScoreTask> batch = queue.take();
      while (!batch.isEmpty()) {
        score(scorer, batch);
        batch = queue.take();
      }
    }
  }

  private void score(Scorer scorer, List<ScoreTask> batch) {
    List<ScoreTask> wanted = batch.stream().filter(task -> !task.result().isDone()).toList();
    if (wanted.isEmpty()) {
      return;
    }
    List<int[]> sequences = new ArrayList<>();
    wanted.forEach(task -> sequences.addAll(task.sequences()));
    long start = System.nanoTime();
    List<Signal> signals;
    try {
      signals = scorer.score(sequences, wanted.get(0).settings());
    } catch (RuntimeException e) {
      fail(wanted, e);
      return;
    } catch (Error e) {
      wanted.forEach(task -> task.result().completeExceptionally(e));
      throw e;
    }
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    failuresInARow = 0;
    metrics.scored(wanted.stream().mapToInt(ScoreTask::tokens).sum(), time);
    complete(wanted, signals, time);
  }

  private static void complete(List<ScoreTask> tasks, List<Signal> signals, Duration time) {
    int from = 0;
    for (ScoreTask task : tasks) {
      int to = from + task.sequences().size();
      List<Signal> own = List.copyOf(signals.subList(from, to));
      task.result().complete(new ScoreTask.Scored(own, time.toNanos() / 1e9));
      from = to;
    }
  }

  private void fail(List<ScoreTask> tasks, RuntimeException failure) {
    LOG.error("a batch of {} requests failed", tasks.size(), failure);
    metrics.failed();
    tasks.forEach(task -> task.result().completeExceptionally(failure));
    failuresInARow++;
    if (failuresInARow >= FAILURES_IN_A_ROW) {
      throw new IllegalStateException(
          FAILURES_IN_A_ROW + " batches failed in a row, the last with: " + failure.getMessage(),
          failure);
    }
  }

  private void dropWaiting() {
    try {
      List<ScoreTask> batch = queue.take();
      while (!batch.isEmpty()) {
        batch.forEach(task -> task.result().cancel(false));
        batch = queue.take();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
