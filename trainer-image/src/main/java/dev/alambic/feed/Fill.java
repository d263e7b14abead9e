package dev.alambic.feed;

import dev.alambic.corpus.PackedSequences;
import dev.alambic.failure.RunException;
import dev.alambic.parallel.SingleProcess;
import dev.alambic.signal.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * Asks a teacher for one shard of what a run will need, into a signal cache. What is there already
 * is not asked for again, so that an interrupted shard continues where it was.
 */
public final class Fill {
  /** Most sequences asked for at a time; each has a forward pass of its own. */
  private static final int MOST_AT_A_TIME = 8;

  private final RunSequences sequences;
  private final CachedSignals signals;
  private final Shard shard;

  /** Every {@code of}-th sequence, from the {@code index}-th. */
  public record Shard(int index, int of) {}

  /** A fill of one shard. */
  public Fill(RunSequences sequences, CachedSignals signals, Shard shard) {
    this.sequences = sequences;
    this.signals = signals;
    this.shard = shard;
  }

  /**
   * Sequences of this shard at most. There are fewer where the corpus is smaller than the budget,
   * which is known when all of it has been read.
   */
  public long most() {
    long most = sequences.most();
    return most <= shard.index() ? 0 : (most - 1 - shard.index()) / shard.of() + 1;
  }

  /**
   * Asks for the shard's held-out sequences first: a broken teacher is refused before it costs
   * days.
   *
   * @param teacher its folder, for messages
   * @param train the text that the teacher's loss is compared on
   * @throws RunException DATA if the teacher knows no text; IO if the cache cannot be written
   */
  public void examine(String teacher, PackedSequences train, int vocabularySize)
      throws InterruptedException {
    List<int[]> heldOut = new ArrayList<>();
    for (int i = shard.index(); i < sequences.heldOutCount(); i += shard.of()) {
      heldOut.add(sequences.sequence(i));
    }
    if (!heldOut.isEmpty()) {
      List<Signal> said = BatchFeed.await(signals.score(heldOut));
      double loss = TeacherGate.crossEntropy(said, new SingleProcess(), said.size());
      TeacherGate.check(teacher, train, vocabularySize, heldOut, loss);
    }
  }

  /**
   * Fills the shard.
   *
   * @param stopRequested asked before each few sequences
   * @param done gets the number of sequences of the shard that are there
   * @return whether all are there; false if it was stopped
   * @throws RunException IO if the cache cannot be written
   */
  public boolean run(BooleanSupplier stopRequested, LongConsumer done) throws InterruptedException {
    long there = 0;
    List<int[]> asked = next(there);
    while (!asked.isEmpty()) {
      if (stopRequested.getAsBoolean()) {
        return false;
      }
      List<Signal> unused = BatchFeed.await(signals.score(asked));
      there += asked.size();
      done.accept(there);
      asked = next(there);
    }
    return true;
  }

  /** A few, whose records are in memory at once; none at the end. */
  private List<int[]> next(long there) {
    List<int[]> next = new ArrayList<>();
    int most = 1;
    while (next.size() < most) {
      long index = shard.index() + (there + next.size()) * shard.of();
      if (!sequences.has(index)) {
        break;
      }
      next.add(sequences.sequence(index));
      most = signals.atOnce(next.get(0).length - 1, MOST_AT_A_TIME);
    }
    return next;
  }
}
