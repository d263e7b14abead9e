package dev.alambic.operator.render;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.api.v1alpha1.Retention;
import dev.alambic.api.v1alpha1.VolumeSpec;
import dev.alambic.operator.plan.RunPlan;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Optional;

/** The claim of checkpoints, tokens and student, unless the spec names one that exists. */
final class CheckpointClaim {
  /** Weights, two moments of AdamW and a safety margin, all FP32. */
  private static final long CHECKPOINT_BYTES_PER_PARAMETER = 16;

  private static final long BYTES_PER_TOKEN = 4;

  /** A corpus is read several times, or is not tokenised whole: its size is not known here. */
  private static final long MOST_CACHED_TOKENS = 10_000_000_000L;

  private CheckpointClaim() {}

  static Optional<PersistentVolumeClaim> of(DistillationJob job, RunPlan plan) {
    Optional<VolumeSpec> volume = Storage.volume(job);
    if (volume.map(VolumeSpec::claimName).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        new PersistentVolumeClaimBuilder()
            .withMetadata(metadata(job))
            .withNewSpec()
            .withAccessModes("ReadWriteOnce")
            .withStorageClassName(volume.map(VolumeSpec::storageClassName).orElse(null))
            .withNewResources()
            .addToRequests("storage", volume.map(VolumeSpec::size).orElseGet(() -> size(plan)))
            .endResources()
            .endSpec()
            .build());
  }

  /** Only a claim that is to be deleted with its job belongs to it. */
  private static ObjectMeta metadata(DistillationJob job) {
    String name = Child.names(job).checkpoints();
    boolean delete =
        Storage.volume(job).map(VolumeSpec::retention).filter(Retention.Delete::equals).isPresent();
    return delete
        ? Child.metadata(job, name, Role.Trainer)
        : Child.unowned(job, name, Role.Trainer);
  }

  /** One checkpoint more than is kept while it is written, the student, and the tokens. */
  static Quantity size(RunPlan plan) {
    long checkpoints =
        (plan.checkpointsKept() + 2L)
            * CHECKPOINT_BYTES_PER_PARAMETER
            * plan.architecture().parameters();
    long tokens = BYTES_PER_TOKEN * Math.min(plan.training().tokenBudget(), MOST_CACHED_TOKENS);
    return Bytes.roundedUp(checkpoints + tokens, Bytes.GI);
  }
}
