package dev.alambic.operator.controller;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.operator.kueue.QueueName;
import java.util.Optional;

/** Whether a job can wait in the queue that it names. */
final class QueueCheck {
  private QueueCheck() {}

  /**
   * What is wrong, if anything.
   *
   * @param kueue whether this operator is configured for Kueue
   */
  static Optional<String> problem(DistillationJob job, boolean kueue) {
    return QueueName.of(job)
        .filter(queue -> !kueue)
        .map(
            queue ->
                "spec.queueName: this operator does not ask Kueue for quota in %s: set"
                        .formatted(queue)
                    + " kueue.enabled=true in its chart, or take the queue off the job")
        .or(() -> QueueName.contradiction(job));
  }
}
