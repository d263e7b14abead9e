package dev.alambic.operator.observe;

import dev.alambic.operator.lifecycle.Observed;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Objects;

/** What fills the signal cache, by its Job and pods; a Job tells the same of it as of a trainer. */
final class FillObservation {
  private FillObservation() {}

  static Observed.Fill of(Seen seen, Warnings warnings) {
    Job job = seen.fill();
    Seen alone = alone(seen);
    return new Observed.Fill(
        TrainerObservation.of(alone, warnings, "shard"), shards(job), filled(alone));
  }

  /** The Job and its pods, as if they were a trainer's. */
  static Seen alone(Seen seen) {
    return new Seen(
        null, seen.fill(), List.of(), seen.fillPods(), seen.checkpoints(), null, List.of());
  }

  private static int shards(Job job) {
    return job == null ? 0 : Objects.requireNonNullElse(job.getSpec().getCompletions(), 1);
  }

  private static int filled(Seen alone) {
    Job job = alone.trainer();
    int counted =
        job == null || job.getStatus() == null
            ? 0
            : Objects.requireNonNullElse(job.getStatus().getSucceeded(), 0);
    return Math.max(counted, TrainerObservation.pods(alone).countDone());
  }
}
