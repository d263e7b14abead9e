package dev.alambic.feed;

import dev.alambic.corpus.TrainingOrder;
import dev.alambic.failure.RunException;
import dev.alambic.parallel.World;
import dev.alambic.signal.Signal;
import dev.alambic.step.Example;
import dev.alambic.step.RunState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * The batches of a run, in their order: batch k is always the same sequences, whatever happened
 * before. Of several trainers each reads its part of every batch, in order of rank, so that
 * together they read what one would. The teacher is asked a few batches ahead, so that a step waits
 * only for a teacher that cannot keep up.
 */
final class BatchFeed implements BatchSource {
  private final TrainingOrder order;
  private final SignalSource teacher;
  private final int batchSize;
  private final World world;
  private final int depth;
  private final Queue<Pending> ahead = new ArrayDeque<>();
  private final long batches;
  private long nextBatch;
  private Duration waited = Duration.ZERO;

  /**
   * A feed that starts at batch {@code firstBatch}.
   *
   * @param teacher or null: then examples carry no signal
   * @param batchSize sequences of a whole batch, a multiple of the trainers
   * @param depth batches asked for ahead of the one in use
   * @param batches of the run: none is asked for beyond
   */
  BatchFeed(
      TrainingOrder order,
      SignalSource teacher,
      int batchSize,
      World world,
      int depth,
      long firstBatch,
      long batches) {
    this.order = order;
    this.teacher = teacher;
    this.batchSize = batchSize;
    this.world = world;
    this.depth = depth;
    this.nextBatch = firstBatch;
    this.batches = batches;
  }

  private record Pending(List<int[]> tokens, CompletableFuture<List<Signal>> signals) {}

  @Override
  public List<Example> next(RunState state) throws InterruptedException {
    while (ahead.size() <= depth && nextBatch < batches) {
      ahead.add(ask(nextBatch++));
    }
    Pending pending = ahead.remove();
    long start = System.nanoTime();
    List<Signal> signals = pending.signals() == null ? null : await(pending.signals());
    waited = waited.plusNanos(System.nanoTime() - start);
    return examples(pending.tokens(), signals);
  }

  private Pending ask(long batch) throws InterruptedException {
    int share = batchSize / world.size();
    long first = batch * batchSize + (long) world.rank() * share;
    List<int[]> tokens = new ArrayList<>(share);
    for (int i = 0; i < share; i++) {
      tokens.add(order.sequence(first + i));
    }
    return new Pending(tokens, teacher == null ? null : teacher.score(tokens));
  }

  /** Waits for an answer, and unwraps why there is none. */
  static List<Signal> await(CompletableFuture<List<Signal>> answer) throws InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RunException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Pairs sequences with their signals; {@code signals} may be null. */
  static List<Example> examples(List<int[]> tokens, List<Signal> signals) {
    List<Example> examples = new ArrayList<>(tokens.size());
    for (int i = 0; i < tokens.size(); i++) {
      examples.add(new Example(tokens.get(i), signals == null ? null : signals.get(i)));
    }
    return examples;
  }

  @Override
  public Duration waited() {
    return waited;
  }
}
