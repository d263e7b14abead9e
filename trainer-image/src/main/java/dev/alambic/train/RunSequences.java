package dev.alambic.train;

import dev.alambic.data.Corpus;
import dev.alambic.data.PackedSequences;
import dev.alambic.data.SequenceOrder;
import dev.alambic.run.RunSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * The sequences on which a run needs a teacher's word, each once: the held-out ones, then those
 * that it trains on. A budget of less than an epoch needs only the first ones of the run's order.
 */
public final class RunSequences {
  private final List<int[]> heldOut;
  private final PackedSequences train;
  private final SequenceOrder order;
  private final long trained;

  private RunSequences(
      List<int[]> heldOut, PackedSequences train, SequenceOrder order, long trained) {
    this.heldOut = heldOut;
    this.train = train;
    this.order = order;
    this.trained = trained;
  }

  /** The sequences of a run's whole budget. */
  public static RunSequences of(RunSpec spec, Corpus corpus) {
    PackedSequences train = corpus.train();
    RunSpec.Training training = spec.training();
    long read = Math.multiplyExact(training.steps(), (long) training.batchSequences());
    return new RunSequences(
        heldOut(spec, corpus),
        train,
        new SequenceOrder(train.count(), training.seed()),
        Math.min(read, train.count()));
  }

  /** At most {@code spec.evaluation().sequences()} held-out sequences, evenly spread. */
  static List<int[]> heldOut(RunSpec spec, Corpus corpus) {
    PackedSequences sequences = corpus.heldOut();
    int count = (int) Math.min(sequences.count(), spec.evaluation().sequences());
    List<int[]> tokens = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tokens.add(sequences.sequence(i * sequences.count() / count));
    }
    return tokens;
  }

  /** How many there are. */
  long count() {
    return heldOut.size() + trained;
  }

  /** How many of them, from the first, are held out. */
  int heldOutCount() {
    return heldOut.size();
  }

  /** One of them: [T + 1] tokens. */
  int[] sequence(long index) {
    return index < heldOut.size()
        ? heldOut.get((int) index)
        : train.sequence(order.index(index - heldOut.size()));
  }
}
