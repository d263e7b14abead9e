package dev.alambic.operator.render;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.operator.plan.Gpus;
import dev.alambic.operator.plan.Trainers;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Volumes and mounts of a pod. A claim with several roles is one volume with several mounts: a pod
 * with the same claim in two volumes can hang. A name that one of the user's volumes has is theirs:
 * ours has another then.
 */
final class Volumes {
  /** Where alone a process may write beside its volumes. */
  static final String TMP_FOLDER = "/tmp";

  private static final String TMP = "tmp";
  private static final String SPEC = "run-spec";
  private static final String SHM = "shm";
  private static final String SHM_FOLDER = "/dev/shm";

  private final Map<Mount, String> claims;
  private final List<String> distinct;
  private final String configMap;
  private final boolean sharedMemory;
  private final Set<String> taken;

  /**
   * The volumes.
   *
   * @param taken names of the user's volumes
   */
  Volumes(DistillationJob job, Role role, Set<String> taken) {
    this.taken = taken;
    this.claims = Storage.claims(job, role);
    this.distinct = claims.values().stream().distinct().toList();
    this.configMap = Child.names(job).runSpec();
    this.sharedMemory = role == Role.Trainer && severalOnGpus(job.getSpec());
  }

  /** NCCL wants more shared memory than the 64 MB that a container has. */
  private static boolean severalOnGpus(DistillationJobSpec spec) {
    return Gpus.of(spec).trainer() > 0 && Trainers.of(spec).count() > 1;
  }

  List<Volume> volumes() {
    List<Volume> volumes = new ArrayList<>();
    volumes.add(new VolumeBuilder().withName(free(TMP)).withNewEmptyDir().endEmptyDir().build());
    volumes.add(
        new VolumeBuilder()
            .withName(free(SPEC))
            .withNewConfigMap()
            .withName(configMap)
            .endConfigMap()
            .build());
    if (sharedMemory) {
      volumes.add(
          new VolumeBuilder()
              .withName(free(SHM))
              .withNewEmptyDir()
              .withMedium("Memory")
              .endEmptyDir()
              .build());
    }
    for (String claim : distinct) {
      volumes.add(
          new VolumeBuilder()
              .withName(volumeName(claim))
              .withNewPersistentVolumeClaim()
              .withClaimName(claim)
              .withReadOnly(onlyRead(claim) ? Boolean.TRUE : null)
              .endPersistentVolumeClaim()
              .build());
    }
    return volumes;
  }

  List<VolumeMount> mounts() {
    List<VolumeMount> mounts = new ArrayList<>();
    mounts.add(new VolumeMountBuilder().withName(free(TMP)).withMountPath(TMP_FOLDER).build());
    mounts.add(
        new VolumeMountBuilder()
            .withName(free(SPEC))
            .withMountPath(Mount.SPEC_FOLDER)
            .withReadOnly(true)
            .build());
    if (sharedMemory) {
      mounts.add(new VolumeMountBuilder().withName(free(SHM)).withMountPath(SHM_FOLDER).build());
    }
    claims.forEach(
        (mount, claim) ->
            mounts.add(
                new VolumeMountBuilder()
                    .withName(volumeName(claim))
                    .withMountPath(mount.folder())
                    .withReadOnly(mount.readOnly() ? Boolean.TRUE : null)
                    .build()));
    return mounts;
  }

  /** A claim that is only read is read-only as a volume too: its files keep their owners. */
  private boolean onlyRead(String claim) {
    return claims.entrySet().stream()
        .filter(entry -> entry.getValue().equals(claim))
        .allMatch(entry -> entry.getKey().readOnly());
  }

  private String volumeName(String claim) {
    return free("claim-" + distinct.indexOf(claim));
  }

  private String free(String name) {
    return taken.contains(name) ? free("alambic-" + name) : name;
  }
}
