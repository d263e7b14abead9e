package dev.alambic.operator.observe;

import dev.alambic.operator.lifecycle.ObservedState;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Objects;

/** What fills the signal cache: one shard of it for each pod of the Job. */
final class FillObservation {
  private FillObservation() {}

  static ObservedState.Fill of(
      IndexedJob seen, PersistentVolumeClaim checkpoints, Warnings warnings) {
    return new ObservedState.Fill(
        IndexedJobObservation.of(seen, checkpoints, warnings, "shard"),
        seen.job() == null ? 0 : seen.completions(),
        Math.max(counted(seen.job()), seen.byIndex().countDone()));
  }

  /** Pods that the Job counts as done, of which some may be gone. */
  private static int counted(Job job) {
    return job == null || job.getStatus() == null
        ? 0
        : Objects.requireNonNullElse(job.getStatus().getSucceeded(), 0);
  }
}
