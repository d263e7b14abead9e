package dev.alambic.operator.metrics;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.api.v1alpha1.DistillationJobStatus;
import dev.alambic.operator.plan.Gpus;
import java.util.Objects;

/**
 * GPUs that a job's pods ask for as it is.
 *
 * @param trainer of the trainer's pods
 * @param teacher of the teacher's, or of those that fill the signal cache
 */
record HeldGpus(int trainer, int teacher) {
  private static final HeldGpus NONE = new HeldGpus(0, 0);

  static HeldGpus of(DistillationJob job) {
    DistillationJobStatus status = job.getStatus();
    if (status == null || status.phase() == null) {
      return NONE;
    }
    Gpus asked = Gpus.of(job.getSpec());
    return switch (status.phase()) {
      case Filling -> new HeldGpus(0, asked.teacher());
      case Starting -> new HeldGpus(asked.trainer(), asked.teacher());
      case Training -> new HeldGpus(asked.trainer(), answering(job, status));
      default -> NONE;
    };
  }

  /** None where all comes from the signal cache: the teacher is then scaled to zero. */
  private static int answering(DistillationJob job, DistillationJobStatus status) {
    return status.teacher() == null
        ? 0
        : Objects.requireNonNullElse(status.teacher().readyReplicas(), 0)
            * Gpus.ofPod(job.getSpec().teacher().pod());
  }
}
