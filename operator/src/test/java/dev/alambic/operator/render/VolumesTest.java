package dev.alambic.operator.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaimVolumeSource;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class VolumesTest {
  private static final String INPUTS =
      "{student: {initFrom: {uri: pvc://models/small}}, data: {validationUri: pvc://held/out}}";

  @Test
  void theTeacherSeesItsModelAlone() {
    PodSpec pod = Rendered.of(INPUTS).pod(Role.Teacher).getSpec();
    assertThat(claims(pod))
        .extracting(PersistentVolumeClaimVolumeSource::getClaimName)
        .containsExactly("models");
    assertThat(claimMounts(pod))
        .extracting(VolumeMount::getMountPath, VolumeMount::getReadOnly)
        .containsExactly(tuple("/alambic/teacher", true));
  }

  @Test
  void theTrainerReadsItsInputsAndWritesItsRun() {
    PodSpec pod = Rendered.of(INPUTS).pod(Role.Trainer).getSpec();
    assertThat(claimMounts(pod))
        .extracting(mount -> claim(pod, mount), VolumeMount::getMountPath, VolumeMount::getReadOnly)
        .containsExactlyInAnyOrder(
            tuple("models", "/alambic/teacher", true),
            tuple("models", "/alambic/init", true),
            tuple("corpus", "/alambic/data", true),
            tuple("held", "/alambic/validation", true),
            tuple("quickstart-checkpoints", "/alambic/run", null));
  }

  @Test
  void aClaimIsOneVolumeInHoweverManyRoles() {
    Rendered all =
        Rendered.of(
            """
            {teacher: {model: {uri: pvc://all/t}}, data: {uri: pvc://all/d},
             checkpoint: {volume: {claimName: all}}}
            """);
    PodSpec pod = all.pod(Role.Trainer).getSpec();
    assertThat(claims(pod)).hasSize(1);
    assertThat(claims(pod).get(0).getReadOnly()).as("checkpoints are written to it").isNull();
    assertThat(claimMounts(pod))
        .extracting(VolumeMount::getMountPath, VolumeMount::getReadOnly)
        .containsExactlyInAnyOrder(
            tuple("/alambic/teacher", true),
            tuple("/alambic/data", true),
            tuple("/alambic/run", null));
  }

  @Test
  void aClaimThatIsOnlyReadKeepsItsOwners() {
    PodSpec pod = Rendered.of(INPUTS).pod(Role.Trainer).getSpec();
    assertThat(claims(pod))
        .extracting(
            PersistentVolumeClaimVolumeSource::getClaimName,
            PersistentVolumeClaimVolumeSource::getReadOnly)
        .containsExactlyInAnyOrder(
            tuple("models", true),
            tuple("corpus", true),
            tuple("held", true),
            tuple("quickstart-checkpoints", null));
  }

  @Test
  void bothReadTheRunSpecificationAndWriteToTmp() {
    for (Role role : Role.values()) {
      PodSpec pod = Rendered.of().pod(role).getSpec();
      List<VolumeMount> mounts = pod.getContainers().get(0).getVolumeMounts();
      assertThat(mounts)
          .extracting(VolumeMount::getMountPath, VolumeMount::getReadOnly)
          .contains(tuple("/tmp", null), tuple("/alambic/spec", true));
      assertThat(pod.getVolumes())
          .filteredOn(volume -> volume.getConfigMap() != null)
          .extracting(volume -> volume.getConfigMap().getName())
          .containsExactly("quickstart-run");
      assertThat(pod.getVolumes()).extracting(Volume::getEmptyDir).anyMatch(Objects::nonNull);
    }
  }

  private static List<PersistentVolumeClaimVolumeSource> claims(PodSpec pod) {
    return pod.getVolumes().stream()
        .map(Volume::getPersistentVolumeClaim)
        .filter(Objects::nonNull)
        .toList();
  }

  private static List<VolumeMount> claimMounts(PodSpec pod) {
    return pod.getContainers().get(0).getVolumeMounts().stream()
        .filter(mount -> claim(pod, mount) != null)
        .toList();
  }

  private static String claim(PodSpec pod, VolumeMount mount) {
    PersistentVolumeClaimVolumeSource source =
        pod.getVolumes().stream()
            .filter(volume -> volume.getName().equals(mount.getName()))
            .findFirst()
            .orElseThrow()
            .getPersistentVolumeClaim();
    return source == null ? null : source.getClaimName();
  }

  private static final String GPUS =
      "{training: {sequenceLength: 64, batchTokens: 4096},"
          + " trainer: {replicas: %d, pod: {resources: {limits: {nvidia.com/gpu: %d}}}}}";

  @Test
  void severalTrainersOnGpusHaveSharedMemory() {
    for (String several : List.of(GPUS.formatted(1, 4), GPUS.formatted(2, 1))) {
      PodSpec pod = Rendered.of(several).pod(Role.Trainer).getSpec();
      assertThat(pod.getVolumes())
          .filteredOn(volume -> volume.getName().equals("shm"))
          .extracting(volume -> volume.getEmptyDir().getMedium())
          .containsExactly("Memory");
      assertThat(pod.getContainers().get(0).getVolumeMounts())
          .filteredOn(mount -> mount.getName().equals("shm"))
          .extracting(VolumeMount::getMountPath)
          .containsExactly("/dev/shm");
    }
  }

  @Test
  void othersNeedNone() {
    for (String other : List.of(GPUS.formatted(1, 1), "trainer: {replicas: 4}")) {
      assertThat(Rendered.of(other).pod(Role.Trainer).getSpec().getVolumes())
          .extracting(Volume::getName)
          .doesNotContain("shm");
    }
    assertThat(Rendered.of(GPUS.formatted(2, 4)).pod(Role.Teacher).getSpec().getVolumes())
        .extracting(Volume::getName)
        .doesNotContain("shm");
  }
}
