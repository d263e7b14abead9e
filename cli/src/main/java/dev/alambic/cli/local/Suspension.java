package dev.alambic.cli.local;

import dev.alambic.api.v1alpha1.DistillationJobSpec;

/** A spec held by its user. */
final class Suspension {
  private Suspension() {}

  /** The same spec with {@code suspend: true}. */
  static DistillationJobSpec of(DistillationJobSpec spec) {
    return new DistillationJobSpec(
        spec.teacher(),
        spec.student(),
        spec.tokenBudget(),
        spec.stage(),
        spec.data(),
        spec.objective(),
        spec.signal(),
        spec.training(),
        spec.trainer(),
        spec.rollout(),
        spec.checkpoint(),
        spec.saturation(),
        true,
        spec.queueName(),
        spec.activeDeadlineSeconds(),
        spec.startDeadlineSeconds(),
        spec.backoffLimit(),
        spec.ttlSecondsAfterFinished());
  }
}
