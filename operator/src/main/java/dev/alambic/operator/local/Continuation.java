package dev.alambic.operator.local;

import dev.alambic.api.v1alpha1.Count;
import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.api.v1alpha1.Phase;
import dev.alambic.operator.plan.PlanException;
import java.util.List;
import java.util.Objects;

/** How a manifest goes on from what an earlier run of the same name left behind. */
final class Continuation {
  private Continuation() {}

  /**
   * The manifest's job with the earlier run's status and the next generation, as an update on an
   * API server would give it. A failed run is tried again: whoever types the command asks for that.
   *
   * @throws PlanException if a field changed that must stay as it was
   */
  static DistillationJob of(DistillationJob manifest, DistillationJob before, RunFolder folder)
      throws PlanException {
    refuseChanges(manifest.getSpec(), before.getSpec(), folder);
    boolean same = manifest.getSpec().equals(before.getSpec());
    long generation = Objects.requireNonNullElse(before.getMetadata().getGeneration(), 1L);
    manifest.getMetadata().setGeneration(same ? generation : generation + 1);
    boolean failed = before.getStatus() != null && before.getStatus().phase() == Phase.Failed;
    manifest.setStatus(failed ? null : before.getStatus());
    return manifest;
  }

  private static void refuseChanges(
      DistillationJobSpec now, DistillationJobSpec before, RunFolder folder) throws PlanException {
    require(now.teacher().equals(before.teacher()), "teacher", folder);
    require(now.student().equals(before.student()), "student", folder);
    require(now.stage() == before.stage(), "stage", folder);
    require(now.data().equals(before.data()), "data", folder);
    require(Objects.equals(now.objective(), before.objective()), "objective", folder);
    require(Objects.equals(now.signal(), before.signal()), "signal", folder);
    require(Objects.equals(now.training(), before.training()), "training", folder);
    if (Count.parse(now.tokenBudget()) < Count.parse(before.tokenBudget())) {
      throw new PlanException(
          List.of("spec.tokenBudget: may only grow: it was " + before.tokenBudget()));
    }
  }

  private static void require(boolean unchanged, String field, RunFolder folder)
      throws PlanException {
    if (!unchanged) {
      throw new PlanException(
          List.of(
              "spec."
                  + field
                  + ": differs from the run in "
                  + folder.path()
                  + ": rename the job, give --out, or delete that folder"));
    }
  }
}
