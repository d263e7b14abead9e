package dev.alambic.cli.local;

import dev.alambic.api.v1alpha1.CheckpointSpec;
import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.api.v1alpha1.Phase;
import dev.alambic.cli.manifest.Manifest;
import dev.alambic.operator.plan.PlanException;
import java.util.List;
import java.util.Objects;

/** How a manifest continues from what an earlier run of the same name left behind. */
public final class Continuation {
  private Continuation() {}

  /**
   * The manifest's job with the earlier run's status and the next generation, as an update on an
   * API server would give it. A failed run is tried again: whoever types the command asks for that.
   *
   * @throws PlanException if a field changed that must stay as it was
   */
  public static DistillationJob of(
      DistillationJob manifest, DistillationJob before, RunFolder folder) throws PlanException {
    List<String> changes = Manifest.changes(manifest, before);
    if (!changes.isEmpty() && !restarts(manifest)) {
      throw new PlanException(
          changes.stream()
              .map(
                  problem ->
                      "%s (the run in %s has another): rename the job, give --out, or restart with checkpoint.restart: true"
                          .formatted(problem, folder.path()))
              .toList());
    }
    boolean same = manifest.getSpec().equals(before.getSpec());
    long generation = Objects.requireNonNullElse(before.getMetadata().getGeneration(), 1L);
    manifest.getMetadata().setGeneration(same ? generation : generation + 1);
    boolean failed = before.getStatus() != null && before.getStatus().phase() == Phase.Failed;
    manifest.setStatus(failed || !changes.isEmpty() ? null : before.getStatus());
    return manifest;
  }

  private static boolean restarts(DistillationJob manifest) {
    CheckpointSpec checkpoint = manifest.getSpec().checkpoint();
    return checkpoint != null && Boolean.TRUE.equals(checkpoint.restart());
  }
}
