package dev.alambic.operator.plan;

import dev.alambic.api.v1alpha1.BatchStatus;
import dev.alambic.api.v1alpha1.Count;
import dev.alambic.api.v1alpha1.TrainingSpec;

/**
 * How many tokens one optimizer step takes, and in what pieces.
 *
 * <p>Default batch: the largest power of two under budget / 2000 (so that a short run still has two
 * thousand steps) and under 4 sqrt(budget), between 1,024 and 4M (2^22) tokens. The useful batch
 * size grows with the tokens trained on, not with the model, by about their square root (arXiv
 * 2410.21676, 2505.13738); the factor 4 gives about 0.5M tokens for 20B and 4M for 2T. Default
 * sequence: the longest power of two of which the batch holds eight, at least 128, at most the
 * teacher's context and 8192.
 *
 * @param sequenceLength tokens in a sequence
 * @param sequences sequences in a batch
 */
public record Batch(int sequenceLength, int sequences) {
  private static final long FEWEST_STEPS = 2000;
  private static final double SQUARE_ROOT_FACTOR = 4;
  private static final long SMALLEST_TOKENS = 1024;
  private static final long LARGEST_TOKENS = 1 << 22;
  private static final long SEQUENCES_IN_A_BATCH = 8;
  private static final int SHORTEST_SEQUENCE = 128;
  private static final int LONGEST_SEQUENCE = 8192;
  private static final String LENGTH = "training.sequenceLength";
  private static final String TOKENS = "training.batchTokens";

  /**
   * The batch that the spec asks for. Batch tokens that are not whole sequences are rounded down.
   *
   * @param least tokens that a sequence has at least, where the context allows it and no length is
   *     asked for
   * @param before what was planned for a smaller budget, or null: it stays, where nothing is asked
   *     for, since a run that is under way cannot change it
   */
  static Batch of(
      SpecReader reader,
      TrainingSpec training,
      long budget,
      TeacherModel teacher,
      int least,
      BatchStatus before) {
    boolean known = before != null && before.tokens() != null && before.sequenceLength() != null;
    long byDefault = known ? before.tokens() : defaultTokens(budget);
    long asked = reader.count(TOKENS, training.batchTokens(), byDefault);
    int context = teacher.longestSequence();
    int usual =
        known
            ? before.sequenceLength()
            : Math.max(sequenceFor(asked, context), Math.min(least, context));
    int length = reader.count(LENGTH, training.sequenceLength(), usual);
    reader.require(length <= context, LENGTH, length + " is over " + teacher.contextSource());
    boolean given = training.batchTokens() != null;
    long tokens = given ? asked : Math.max(asked, length);
    reader.require(
        tokens >= length, TOKENS, tokens + " tokens hold no whole sequence of " + length);
    long sequences = Math.max(1, tokens / length);
    reader.require(
        sequences <= Integer.MAX_VALUE, TOKENS, Count.format(tokens) + " tokens are too many");
    return new Batch(length, (int) sequences);
  }

  private static long defaultTokens(long budget) {
    double ideal =
        Math.min((double) budget / FEWEST_STEPS, SQUARE_ROOT_FACTOR * Math.sqrt((double) budget));
    long powerOfTwo = Long.highestOneBit(Math.max(1, (long) ideal));
    return Math.max(SMALLEST_TOKENS, Math.min(LARGEST_TOKENS, powerOfTwo));
  }

  private static int sequenceFor(long batchTokens, int context) {
    long eighth = Long.highestOneBit(Math.max(1, batchTokens / SEQUENCES_IN_A_BATCH));
    long length = Math.max(SHORTEST_SEQUENCE, Math.min(LONGEST_SEQUENCE, eighth));
    return (int) Math.min(context, Math.min(length, batchTokens));
  }

  /** The nearest batch that {@code trainers} trainers can share evenly; the larger of two. */
  Batch nearest(int trainers) {
    long shares = ((long) sequences + trainers / 2) / trainers;
    long most = Integer.MAX_VALUE / trainers;
    return new Batch(sequenceLength, (int) Math.max(1, Math.min(shares, most)) * trainers);
  }

  /** The sequences of it that one of {@code trainers} trainers takes. */
  Batch share(int trainers) {
    return new Batch(sequenceLength, sequences / trainers);
  }

  long tokens() {
    return (long) sequences * sequenceLength;
  }

  long steps(long budget) {
    return Math.max(1, budget / tokens() + (budget % tokens() == 0 ? 0 : 1));
  }
}
