package dev.alambic.operator.render;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.operator.plan.RunPlan;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Optional;

/** The claim of checkpoints, tokens and student, unless the spec names one that exists. */
final class CheckpointClaim {
  /** Weights, two moments of AdamW, their average and a safety margin, all FP32. */
  private static final long CHECKPOINT_BYTES_PER_PARAMETER = 20;

  private static final long BYTES_PER_TOKEN = 4;

  /** A corpus is read several times, or is not tokenised whole: its size is not known here. */
  private static final long MOST_CACHED_TOKENS = 10_000_000_000L;

  private CheckpointClaim() {}

  static Optional<PersistentVolumeClaim> of(DistillationJob job, RunPlan plan) {
    return new VolumeClaim(
            Child.names(job).checkpoints(),
            Storage.volume(job),
            size(plan),
            VolumeClaim.sharedBy(plan.trainers()))
        .of(job);
  }

  /**
   * One checkpoint more than is kept while it is written, the last from before the decay, the
   * student, and the tokens.
   */
  static Quantity size(RunPlan plan) {
    long checkpoints =
        (plan.checkpoint().keep() + 3L)
            * CHECKPOINT_BYTES_PER_PARAMETER
            * plan.architecture().parameters();
    long tokens = BYTES_PER_TOKEN * Math.min(plan.training().tokenBudget(), MOST_CACHED_TOKENS);
    return Bytes.roundedUp(checkpoints + tokens, Bytes.GI);
  }
}
