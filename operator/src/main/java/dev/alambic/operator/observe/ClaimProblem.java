package dev.alambic.operator.observe;

import dev.alambic.operator.lifecycle.Problem;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.util.Optional;

/** Why the claim of the checkpoints has no volume. */
final class ClaimProblem {
  private ClaimProblem() {}

  /** The problem; empty if the claim has its volume, or only waits for its first pod. */
  static Optional<Problem> of(PersistentVolumeClaim claim, Warnings warnings) {
    if (claim == null || claim.getStatus() == null || bound(claim)) {
      return Optional.empty();
    }
    return warnings
        .latest(claim)
        .map(
            words ->
                Problem.of(
                    "Claim" + claim.getStatus().getPhase(),
                    "claim " + claim.getMetadata().getName() + ": " + words));
  }

  private static boolean bound(PersistentVolumeClaim claim) {
    return "Bound".equals(claim.getStatus().getPhase());
  }
}
