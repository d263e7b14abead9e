package dev.alambic.operator.render;

import dev.alambic.api.v1alpha1.AccessMode;
import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.api.v1alpha1.Retention;
import dev.alambic.api.v1alpha1.VolumeSpec;
import dev.alambic.operator.plan.Trainers;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Optional;

/**
 * A claim that is made for a job, unless its spec names one that exists.
 *
 * @param name of the claim that is made
 * @param spec the job's settings for it, or null
 * @param usualSize where the spec has no size
 * @param usualMode where the spec has no access mode
 */
record VolumeClaim(
    String name, Optional<VolumeSpec> spec, Quantity usualSize, AccessMode usualMode) {

  /** The mode of a claim that the pods of all trainers mount. */
  static AccessMode sharedBy(Trainers trainers) {
    return trainers.pods() > 1 ? AccessMode.ReadWriteMany : AccessMode.ReadWriteOnce;
  }

  Optional<PersistentVolumeClaim> of(DistillationJob job) {
    if (spec.map(VolumeSpec::claimName).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        new PersistentVolumeClaimBuilder()
            .withMetadata(metadata(job))
            .withNewSpec()
            .withAccessModes(spec.map(VolumeSpec::accessMode).orElse(usualMode).name())
            .withStorageClassName(spec.map(VolumeSpec::storageClassName).orElse(null))
            .withNewResources()
            .addToRequests("storage", spec.map(VolumeSpec::size).orElse(usualSize))
            .endResources()
            .endSpec()
            .build());
  }

  /** Only a claim that is to be deleted with its job belongs to it. */
  private ObjectMeta metadata(DistillationJob job) {
    return spec.map(VolumeSpec::retention).filter(Retention.Delete::equals).isPresent()
        ? Child.metadata(job, name, Role.Trainer)
        : Child.unowned(job, name, Role.Trainer);
  }
}
