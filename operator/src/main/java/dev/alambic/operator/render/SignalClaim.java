package dev.alambic.operator.render;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.run.RunSpec;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Optional;

/** The claim of the signal cache, if the job has one and its spec names none that exists. */
final class SignalClaim {
  /** Draws repeat: of 50, some 12 are distinct (docs/signal-format.md); half is room to spare. */
  private static final double DISTINCT = 0.5;

  private static final double BYTES_PER_ENTRY = 4;
  private static final double BYTES_PER_TOKEN = 8;

  private SignalClaim() {}

  static Optional<PersistentVolumeClaim> of(DistillationJob job, RunPlan plan) {
    return Storage.signals(job)
        .flatMap(
            volume ->
                new VolumeClaim(
                        Child.names(job).signals(),
                        Optional.of(volume),
                        size(plan),
                        VolumeClaim.sharedBy(plan.trainers()))
                    .of(job));
  }

  /** Room for the teacher's signals for the whole budget. */
  static Quantity size(RunPlan plan) {
    RunSpec.Signal signal = plan.unplaced().signal();
    double entries =
        switch (signal.encoding()) {
          case Dense, TopK -> signal.size();
          case Sampled -> DISTINCT * signal.size();
          case Label -> 0;
        };
    double perToken = BYTES_PER_TOKEN + BYTES_PER_ENTRY * entries;
    return Bytes.roundedUp((long) (perToken * plan.training().tokenBudget()), Bytes.GI);
  }
}
