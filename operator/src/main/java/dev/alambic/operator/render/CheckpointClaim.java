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

  /** The trainer keeps no more: then it overwrites the tokens that it has read. */
  private static final long MOST_TOKEN_BYTES = 40_000_000_000L;

  /** The budget's last window is tokenised whole, and held-out text beside it. */
  private static final long BEYOND_BUDGET = 256L << 20;

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
        (plan.unplaced().checkpoint().keep() + 3L)
            * CHECKPOINT_BYTES_PER_PARAMETER
            * plan.architecture().parameters();
    long cached = Math.min(MOST_TOKEN_BYTES / BYTES_PER_TOKEN, plan.training().tokenBudget());
    long tokens = Math.min(MOST_TOKEN_BYTES, BYTES_PER_TOKEN * cached + BEYOND_BUDGET);
    return Bytes.roundedUp(checkpoints + tokens, Bytes.GI);
  }
}
