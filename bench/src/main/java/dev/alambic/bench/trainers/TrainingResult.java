package dev.alambic.bench.trainers;

import java.util.List;

/**
 * What came of one trainer's run.
 *
 * @param inUse bytes that were had from the allocator and not freed, at the peak, less those before
 *     the student was made with the engine started
 * @param resident the same of what Linux counts, which the allocator may hold for later
 * @param losses of each evaluation, nats per token
 */
record TrainingResult(long inUse, long resident, List<Double> losses) {
  /** The largest difference between two curves, nats per token; 0 if they are the same bits. */
  static double difference(TrainingResult one, TrainingResult other) {
    if (one.losses.size() != other.losses.size()) {
      throw new IllegalArgumentException(
          "curves of " + one.losses.size() + " and " + other.losses.size() + " points");
    }
    double largest = 0;
    for (int i = 0; i < one.losses.size(); i++) {
      largest = Math.max(largest, Math.abs(one.losses.get(i) - other.losses.get(i)));
    }
    return largest;
  }
}
