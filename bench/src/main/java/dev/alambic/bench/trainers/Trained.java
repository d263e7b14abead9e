package dev.alambic.bench.trainers;

import java.util.List;

/**
 * What came of one trainer's run.
 *
 * @param addedAtStart bytes of anonymous memory at the peak until the first step, less those before
 *     the student was made with the engine started
 * @param added the same until the end
 * @param losses of each evaluation, nats per token
 */
record Trained(long addedAtStart, long added, List<Double> losses) {
  /** The largest difference between two curves, nats per token; 0 if they are the same bits. */
  static double difference(Trained one, Trained other) {
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
