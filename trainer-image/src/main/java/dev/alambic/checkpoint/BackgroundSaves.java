package dev.alambic.checkpoint;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.progress.ProgressBoard;
import dev.alambic.run.Progress;
import dev.alambic.step.RunState;
import dev.alambic.torch.Torch;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes checkpoints beside the training, one at a time. One that cannot be written leaves those
 * before as they are, and the run continues to the next; after {@link #MOST_FAILURES} in a row it
 * ends, for what it does from there on could not be kept. Used by the training thread.
 */
public final class BackgroundSaves implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundSaves.class);

  static final int MOST_FAILURES = 3;

  /** How long the training waits for the one before: nothing beside the time between two. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  private final CheckpointStore store;
  private final ProgressBoard board;
  private final Duration patience;
  private final ExecutorService writer = Executors.newSingleThreadExecutor(BackgroundSaves::thread);
  private Future<Progress.Checkpoint> underWay;
  private int failures;

  /**
   * Saves into {@code store}, and reports to the board.
   *
   * @param patience how long a new one waits for the one before
   */
  public BackgroundSaves(CheckpointStore store, ProgressBoard board, Duration patience) {
    this.store = store;
    this.board = board;
    this.patience = patience;
  }

  private static Thread thread(Runnable work) {
    Thread thread =
        new Thread(
            () -> {
              Torch.prepareThread();
              work.run();
            },
            "checkpoints");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Whether the one before is written, if need be after a moment.
   *
   * @throws RunException IO if several in a row could not be written
   */
  public boolean ready() {
    await();
    look();
    return underWay == null;
  }

  /** Begins to write one; when {@link #ready}. */
  public void begin(RunState state, TrainedTensors tensors, long tokens) {
    submit(new Snapshot(state, tensors, tokens));
  }

  /** Leaves one out, because that before is still being written. */
  public void leaveOut(RunState state) {
    board.checkpointFailed(
        "the volume is slow: the one before is still being written, that of step %d is left out"
            .formatted(state.step()));
  }

  private void await() {
    if (underWay == null) {
      return;
    }
    try {
      underWay.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("{} so far", e.toString()); // look() and who asks after it see to it
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void submit(Snapshot snapshot) {
    underWay =
        writer.submit(
            () -> {
              try (snapshot) {
                return store.write(snapshot);
              }
            });
  }

  /**
   * Takes note of one that was finished meanwhile.
   *
   * @throws RunException IO if several in a row could not be written
   */
  public void look() {
    if (underWay != null && underWay.isDone()) {
      settle();
    }
  }

  /**
   * Waits for what is being written. An interrupt doesn't end the wait: whoever stops the run wants
   * the checkpoint.
   *
   * @throws RunException IO if several in a row could not be written
   */
  public void settle() {
    settle(MOST_FAILURES);
  }

  private void settle(int most) {
    if (underWay == null) {
      return;
    }
    try {
      Progress.Checkpoint written = finished();
      failures = 0;
      board.checkpointed(written);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof IOException)) {
        throw new IllegalStateException("a checkpoint: " + e.getCause(), e.getCause());
      }
      failures++;
      board.checkpointFailed(e.getCause().getMessage());
      if (failures >= most) {
        throw new RunException(ExitCode.IO, e.getCause().getMessage(), e.getCause());
      }
    } finally {
      underWay = null;
    }
  }

  private Progress.Checkpoint finished() throws ExecutionException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return underWay.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Writes the last one, and waits for it.
   *
   * @throws RunException IO if it cannot be written
   */
  public void last(RunState state, TrainedTensors tensors, long tokens) {
    settle();
    submit(new Snapshot(state, tensors, tokens));
    settle(1);
  }

  @Override
  public void close() {
    writer.shutdown();
    try {
      writer.awaitTermination(1, TimeUnit.MINUTES); // else the copy would be freed under it
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
