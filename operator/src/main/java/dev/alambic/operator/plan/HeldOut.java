package dev.alambic.operator.plan;

import dev.alambic.run.RunSpec;
import dev.alambic.run.SignalSize;

/**
 * How much is held out and how often it is scored. A point every eighth of a doubling, as a power
 * law wants it; but evaluating, which costs a forward pass, a third of a training step per token,
 * may take no more than a twelfth of the run.
 */
final class HeldOut {
  private static final int POINTS_PER_DOUBLING = 8;
  private static final long BUDGET_PER_HELD_OUT_TOKEN = 256;
  private static final long FEWEST_SEQUENCES = 16;
  private static final long MOST_HELD_OUT_TOKENS = 1 << 21;

  /** The teacher's signals for them stay in the trainers' heaps. */
  private static final long MOST_SIGNAL_BYTES = 2L << 30;

  private static final double FORWARD_SHARE = 1 / 3.0;
  private static final double LARGEST_SHARE = 1 / 12.0;

  private HeldOut() {}

  /** The held-out set and its grid, for a run of this budget that warms up for these tokens. */
  static RunSpec.Evaluation of(long budget, Batch batch, long warmupTokens, SignalSize signal) {
    long heldOut =
        Math.min(
            Math.min(MOST_HELD_OUT_TOKENS, MOST_SIGNAL_BYTES / signal.heapBytes(1)),
            budget / BUDGET_PER_HELD_OUT_TOKEN);
    long sequences = Math.max(FEWEST_SEQUENCES, heldOut / batch.sequenceLength());
    double cost = FORWARD_SHARE * sequences * batch.sequenceLength();
    long floor = Math.max(batch.tokens(), (long) Math.ceil(cost / LARGEST_SHARE));
    long first = Math.max(warmupTokens, floor);
    return new RunSpec.Evaluation((int) sequences, first, POINTS_PER_DOUBLING, floor);
  }
}
