package dev.alambic.feed;

import dev.alambic.corpus.Corpus;
import dev.alambic.corpus.PackedSequences;
import dev.alambic.corpus.TrainingOrder;
import dev.alambic.run.RunSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * The sequences on which a run needs a teacher's word, each once: the held-out ones, then those
 * that it trains on, in the run's order. A budget of less than an epoch needs only the first ones.
 */
public final class RunSequences {
  private final List<int[]> heldOut;
  private final TrainingOrder order;
  private final long positions;

  private RunSequences(List<int[]> heldOut, TrainingOrder order, long positions) {
    this.heldOut = heldOut;
    this.order = order;
    this.positions = positions;
  }

  /** The sequences of a run's whole budget. */
  public static RunSequences of(RunSpec spec, Corpus corpus) {
    return new RunSequences(heldOut(spec, corpus), order(spec, corpus), positions(spec));
  }

  /** The order in which a run trains. */
  static TrainingOrder order(RunSpec spec, Corpus corpus) {
    return new TrainingOrder(corpus.train(), spec.training().numerics().seed(), positions(spec));
  }

  private static long positions(RunSpec spec) {
    RunSpec.Training training = spec.training();
    return Math.multiplyExact(training.steps(), (long) training.batchSequences());
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

  /** How many there are at most; fewer where the corpus has not as many as the budget reads. */
  long most() {
    return heldOut.size() + positions;
  }

  /** Whether there is one of this number. All of the corpus up to it may have to be tokenised. */
  boolean has(long index) {
    long position = index - heldOut.size();
    return position < 0 || (position < positions && order.isInFirstEpoch(position));
  }

  /** How many of them, from the first, are held out. */
  int heldOutCount() {
    return heldOut.size();
  }

  /** One of them: [T + 1] tokens. */
  int[] sequence(long index) {
    return index < heldOut.size()
        ? heldOut.get((int) index)
        : order.sequence(index - heldOut.size());
  }
}
