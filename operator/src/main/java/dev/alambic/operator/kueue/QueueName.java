package dev.alambic.operator.kueue;

import dev.alambic.api.v1alpha1.DistillationJob;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The queue that a job waits in, by its field or by the label that Kueue's own jobs have. */
public final class QueueName {
  public static final String LABEL = Workload.GROUP + "/queue-name";

  private QueueName() {}

  /** The queue; empty if the job waits in none. */
  public static Optional<String> of(DistillationJob job) {
    return Optional.ofNullable(job.getSpec().queueName()).or(() -> label(job));
  }

  /** What is wrong with the job's queue; empty if nothing is. */
  public static Optional<String> contradiction(DistillationJob job) {
    String field = job.getSpec().queueName();
    return label(job)
        .filter(label -> field != null && !Objects.equals(field, label))
        .map(
            label ->
                "spec.queueName: is %s, but the label %s is %s: leave one out"
                    .formatted(field, LABEL, label));
  }

  private static Optional<String> label(DistillationJob job) {
    Map<String, String> labels = job.getMetadata().getLabels();
    return labels == null
        ? Optional.empty()
        : Optional.ofNullable(labels.get(LABEL)).filter(queue -> !queue.isEmpty());
  }
}
