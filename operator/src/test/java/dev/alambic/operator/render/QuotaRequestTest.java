package dev.alambic.operator.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.alambic.operator.kueue.PodSets;
import dev.alambic.operator.kueue.Workload;
import dev.alambic.operator.kueue.WorkloadSpec.PodSet;
import dev.alambic.operator.kueue.WorkloadSpec.PriorityClassRef;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Workload that asks Kueue for a job's quota. */
class QuotaRequestTest {
  private static final String POD =
      "pod: {resources: {limits: {nvidia.com/gpu: 1}}, nodeSelector: {a: b}}";
  private static final String[] BASE = {
    "queueName: gpus", "teacher: {replicas: 2, %s}".formatted(POD), "trainer: {%s}".formatted(POD)
  };

  private static Map<PodSets, Workload> choices(Rendered job) {
    return QuotaRequest.choices(job.job(), job.plan(), Rendered.SETTINGS);
  }

  private static Rendered with(String... fields) {
    String[] all = new String[BASE.length + fields.length];
    System.arraycopy(BASE, 0, all, 0, BASE.length);
    System.arraycopy(fields, 0, all, BASE.length, fields.length);
    return Rendered.of(all);
  }

  private static Workload only(Rendered job) {
    assertThat(choices(job)).hasSize(1);
    return choices(job).values().iterator().next();
  }

  /** As the API server gives it back. */
  private static Workload stored(Workload workload) {
    return Serialization.unmarshal(Serialization.asJson(workload), Workload.class);
  }

  @Test
  void asksForTeacherAndTrainerAsAWhole() {
    Rendered job = with();
    Workload workload = choices(job).get(PodSets.TeacherAndTrainer);
    assertThat(workload.getMetadata().getName()).isEqualTo("distillationjob-quickstart");
    assertThat(workload.getMetadata().getOwnerReferences())
        .isEqualTo(job.trainer().getMetadata().getOwnerReferences());
    assertThat(workload.getMetadata().getLabels())
        .containsEntry("alambic.dev/job", "quickstart")
        .containsEntry("kueue.x-k8s.io/job-uid", job.job().getMetadata().getUid());
    assertThat(workload.getMetadata().getFinalizers()).isEmpty();
    assertThat(workload.getSpec().queueName()).isEqualTo("gpus");
    assertThat(workload.getSpec().priorityClassRef()).isNull();
    List<PodSet> podSets = workload.getSpec().podSets();
    assertThat(podSets).extracting(PodSet::name).containsExactly("teacher", "trainer");
    assertThat(podSets).extracting(PodSet::count).containsExactly(2, 1);
    assertThat(podSets)
        .extracting(PodSet::template)
        .containsExactly(job.pod(Role.Teacher), job.pod(Role.Trainer));
  }

  @Test
  void asksForAllTrainersAtOnce() {
    PodSet trainers = only(with("trainer: {replicas: 4}")).getSpec().podSets().get(1);
    assertThat(trainers.name()).isEqualTo("trainer");
    assertThat(trainers.count()).isEqualTo(4);
  }

  @Test
  void theApiServerGetsWhatItsSchemaKnows() {
    assertThat(Serialization.asYaml(only(with())))
        .contains("apiVersion: \"kueue.x-k8s.io/v1beta2\"", "kind: \"Workload\"", "podSets:")
        .doesNotContain("priority", "minCount", "active");
  }

  @Test
  void offlineAsksForOneAfterTheOther() {
    Map<PodSets, Workload> choices =
        choices(with("signal: {mode: Offline, cache: {volume: {claimName: signals}}}"));
    assertThat(choices).containsOnlyKeys(PodSets.Fill, PodSets.Trainer);
    assertThat(choices.get(PodSets.Fill).getSpec().podSets())
        .extracting(PodSet::name, PodSet::count)
        .containsExactly(tuple("fill", 2));
    assertThat(choices.get(PodSets.Trainer).getSpec().podSets())
        .extracting(PodSet::name)
        .containsExactly("trainer");
  }

  @Test
  void aTeacherThatExistsTakesNoQuota() {
    Rendered job =
        Rendered.of(
            "queueName: gpus",
            "teacher: {runtime: OpenAI, endpoint: 'http://vllm:8000'}",
            "signal: {encoding: TopK}");
    assertThat(choices(job)).containsOnlyKeys(PodSets.Trainer);
  }

  @Test
  void aJobWithoutAQueueAsksForNothing() {
    assertThat(choices(Rendered.of())).isEmpty();
  }

  @Test
  void theLabelNamesTheQueueToo() {
    Rendered job = Rendered.of();
    job.job().getMetadata().setLabels(Map.of("kueue.x-k8s.io/queue-name", "shared"));
    assertThat(only(job).getSpec().queueName()).isEqualTo("shared");
  }

  @Test
  void thePriorityIsThatOfTheLabelElseOfThePods() {
    Rendered job = with("trainer: {pod: {priorityClassName: high}}");
    assertThat(only(job).getSpec().priorityClassRef()).isEqualTo(PriorityClassRef.ofPods("high"));
    job.job().getMetadata().setLabels(Map.of("kueue.x-k8s.io/priority-class", "urgent"));
    Workload workload = only(job);
    assertThat(workload.getSpec().priorityClassRef())
        .isEqualTo(PriorityClassRef.ofWorkloads("urgent"));
    assertThat(QuotaRequest.withPriority(workload, 7).getSpec().priority()).isEqualTo(7);
  }

  @Test
  void whatIsStoredIsWhatWasAskedFor() {
    Workload asked = only(with("trainer: {pod: {tolerations: [{key: gpu, operator: Exists}]}}"));
    assertThat(QuotaRequest.same(asked, stored(asked))).isTrue();
    assertThat(QuotaRequest.same(asked, stored(QuotaRequest.withPriority(asked, 7)))).isTrue();
  }

  @Test
  void anotherReleasesPodsAreTheSameRequest() {
    Workload asked = only(with());
    Workload older = stored(asked);
    PodTemplateSpec trainer = older.getSpec().podSets().get(1).template();
    trainer.getMetadata().getLabels().put("release", "older");
    Container container = trainer.getSpec().getContainers().get(0);
    container.setImage("older");
    container.setResources(
        container
            .getResources()
            .edit()
            .addToLimits("nvidia.com/gpu", new Quantity("1000m"))
            .build());
    assertThat(QuotaRequest.same(asked, older)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "queueName: other",
        "teacher: {replicas: 3}",
        "teacher: {pod: {resources: {limits: {nvidia.com/gpu: 2}}}}",
        "trainer: {replicas: 2}",
        "trainer: {pod: {nodeSelector: {a: c}}}",
        "trainer: {pod: {tolerations: [{key: gpu, operator: Exists}]}}",
        "trainer: {pod: {affinity: {nodeAffinity: {}}}}",
        "trainer: {pod: {runtimeClassName: nvidia}}",
        "trainer: {pod: {priorityClassName: high}}"
      })
  void whatQuotaDependsOnIsAnotherRequest(String field) {
    assertThat(QuotaRequest.same(only(with(field)), stored(only(with())))).isFalse();
  }
}
