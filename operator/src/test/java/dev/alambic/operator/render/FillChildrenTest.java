package dev.alambic.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FillChildrenTest {
  private static final Rendered OFFLINE =
      Rendered.of(
          "signal: {mode: Offline, cache: {volume: {claimName: shared}}}",
          "teacher: {replicas: 3, pod: {resources: {limits: {nvidia.com/gpu: 2}}}}",
          "tokenBudget: 10M");

  private static Job job() {
    return Rendering.fill(OFFLINE.job(), OFFLINE.plan(), Rendered.SETTINGS);
  }

  @Test
  void aShardForEachTeacher() {
    assertThat(job().getSpec().getCompletionMode()).isEqualTo("Indexed");
    assertThat(job().getSpec().getCompletions()).isEqualTo(3);
    assertThat(job().getSpec().getParallelism()).isEqualTo(3);
    assertThat(job().getMetadata().getAnnotations())
        .containsAllEntriesOf(Map.of(Labels.TOKEN_BUDGET, "10000000"));
    Container container = container();
    assertThat(container.getArgs()).startsWith("fill").containsSequence("--shards", "3");
    assertThat(container.getName()).isEqualTo("fill");
  }

  @Test
  void itsPodsAreTeachersThatReadTheCorpusAndWriteTheCache() {
    assertThat(container().getResources().getLimits()).containsKey("nvidia.com/gpu");
    assertThat(container().getVolumeMounts().stream().map(VolumeMount::getMountPath))
        .contains("/alambic/teacher", "/alambic/data", "/alambic/run", "/alambic/signals", "/tmp");
    assertThat(
            job().getSpec().getPodFailurePolicy().getRules().stream()
                .filter(rule -> rule.getOnExitCodes() != null)
                .map(rule -> rule.getOnExitCodes().getContainerName()))
        .containsOnly("fill");
  }

  @Test
  void thereIsNoTeacherBesideIt() {
    assertThat(OFFLINE.standing().stream().map(HasMetadata::getMetadata).map(m -> m.getName()))
        .noneMatch(name -> name.endsWith("-teacher"))
        .contains("quickstart-fill");
    assertThat(Storage.placement(OFFLINE.job()).teacherEndpoints()).isEmpty();
  }

  private static Container container() {
    PodSpec pod = job().getSpec().getTemplate().getSpec();
    return pod.getContainers().get(0);
  }
}
