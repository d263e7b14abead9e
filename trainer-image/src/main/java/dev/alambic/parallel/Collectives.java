package dev.alambic.parallel;

import ai.djl.ndarray.NDArray;
import dev.alambic.failure.RunException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * What the processes of a {@link World} do together. All of them call the same methods in the same
 * order, with arrays of the same length; one call is under way at a time, and returns when this
 * process's arrays hold the result. Arrays are float32 and contiguous, and their shape does not
 * matter.
 *
 * <p>Every method throws a {@link dev.alambic.failure.RunException} (TRY_AGAIN) that names the
 * process that is gone when one dies, hangs or leaves.
 */
public interface Collectives extends AutoCloseable {
  World world();

  /** Puts the sum over all processes in the place of {@code array}, the same bits everywhere. */
  void allReduce(NDArray array);

  /**
   * Sums {@code whole} over all processes, and gives each its own segment of the sum.
   *
   * @param whole overwritten
   * @param part {@code [world().segment(whole.size()).length()]}; may be that segment of {@code
   *     whole} itself
   */
  void reduceScatter(NDArray whole, NDArray part);

  /**
   * Joins the segments of all processes.
   *
   * @param part {@code [world().segment(whole.size()).length()]}; may be that segment of {@code
   *     whole} itself
   */
  void allGather(NDArray part, NDArray whole);

  /** Puts the array of one process in the place of all others'. */
  void broadcast(NDArray array, int fromRank);

  /**
   * A few numbers of each process, such as losses, by rank.
   *
   * @param mine as many as those of the others
   */
  List<double[]> gather(double[] mine);

  /** Waits until all processes are here. */
  default void barrier() {
    gather(new double[1]);
  }

  /**
   * Runs {@code calls} asynchronously after all work queued so far, or immediately where overlap
   * gains nothing. Collectives always run in the order of submission, those outside of {@code
   * calls} included.
   *
   * <p>The arrays belong to the calls until {@link #await}: until then do not write to them, read a
   * result or free their memory. A GPU would reuse freed memory while the calls still work on it.
   *
   * @param calls only collectives: it computes nothing and makes no arrays but views
   * @return for {@link #await}, by this thread; results of calls that were not awaited are
   *     undefined
   */
  default Future<?> async(Runnable calls) {
    calls.run();
    return CompletableFuture.completedFuture(null);
  }

  /** Waits for the calls of {@link #async}. An interrupt does not end the wait. */
  static void await(Future<?> calls) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          calls.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RunException failure
          ? failure
          : new IllegalStateException("a collective: " + e.getCause(), e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Fails if a process is known to be gone: asked now and then where no call is made for long. */
  default void check() {}

  /** Calls back, once and from another thread, when a process is gone, with who and why. */
  default void whenLost(Consumer<String> listener) {}

  /** Tells the others why this process is about to end: they need not guess. */
  default void leave(String why) {}

  @Override
  void close();
}
