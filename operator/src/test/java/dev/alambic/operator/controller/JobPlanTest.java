package dev.alambic.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.operator.plan.Device;
import dev.alambic.operator.plan.PlanResult;
import dev.alambic.operator.render.PodSecurity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobPlanTest {
  private static Device device(String resources) {
    return JobPlan.device(Cluster.job("{trainer: {pod: {resources: " + resources + "}}}"));
  }

  @Test
  void aPodThatAsksForNothingHasOneCpu() {
    assertThat(JobPlan.device(Cluster.job())).isEqualTo(Device.cpu(1));
    assertThat(JobPlan.device(Cluster.job("{trainer: {pod: {}}}"))).isEqualTo(Device.cpu(1));
    assertThat(device("{}")).isEqualTo(Device.cpu(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nvidia.com/gpu",
        "amd.com/gpu",
        "gpu.intel.com/xe",
        "nvidia.com/gpu.shared",
        "nvidia.com/mig-3g.20gb"
      })
  void aGpuOfAnyMakerIsAGpu(String name) {
    assertThat(device("{limits: {'" + name + "': 1, cpu: 4}}")).isEqualTo(Device.unknownGpu(4));
    assertThat(device("{requests: {'" + name + "': 1}}")).isEqualTo(Device.unknownGpu(1));
  }

  @Test
  void noGpuIsNoGpu() {
    assertThat(device("{limits: {nvidia.com/gpu: 0}}").gpu()).isFalse();
    assertThat(device("{limits: {ephemeral-storage: 1Gi, hugepages-2Mi: 4Mi}}").gpu()).isFalse();
  }

  @Test
  void cpusAreThoseOfTheLimitElseOfTheRequest() {
    assertThat(device("{limits: {cpu: 8}, requests: {cpu: 2}}").cpus()).isEqualTo(8);
    assertThat(device("{limits: {memory: 1Gi}, requests: {cpu: 2}}").cpus()).isEqualTo(2);
    assertThat(device("{requests: {cpu: 2}}").cpus()).isEqualTo(2);
  }

  @Test
  void aPartOfACpuIsRoundedDownButNeverToNone() {
    assertThat(device("{limits: {cpu: 3500m}}").cpus()).isEqualTo(3);
    assertThat(device("{limits: {cpu: 250m}}").cpus()).isEqualTo(1);
  }

  @Test
  void memoryIsThatOfTheLimitAlone() {
    assertThat(device("{limits: {memory: 4Gi}}").memoryBytes()).isEqualTo(4L << 30);
    assertThat(device("{requests: {memory: 4Gi}}").memoryBytes()).isNull();
  }

  @Test
  void thePodsMemoryIsNotTheGpus() {
    assertThat(device("{limits: {nvidia.com/gpu: 1, memory: 64Gi}}").memoryBytes()).isNull();
  }

  @Test
  void aJobOfMountedFoldersIsPlanned() {
    PlanResult result = JobPlan.of(Cluster.job(), false, PodSecurity.USUAL);
    assertThat(result).isInstanceOf(PlanResult.Planned.class);
    assertThat(result.planned()).isPresent();
  }

  @Test
  void theAnnotationAsksForTheEnd() {
    DistillationJob job = Cluster.job();
    job.getMetadata().setAnnotations(Map.of("alambic.dev/finish", "now"));
    assertThat(
            JobPlan.of(job, false, PodSecurity.USUAL)
                .planned()
                .orElseThrow()
                .unplaced()
                .saturation()
                .finishNow())
        .isTrue();
    job.getMetadata().setAnnotations(Map.of("alambic.dev/finish", "later"));
    assertThat(
            JobPlan.of(job, false, PodSecurity.USUAL)
                .planned()
                .orElseThrow()
                .unplaced()
                .saturation()
                .finishNow())
        .isFalse();
  }

  @Test
  void filesOfOneMachineAreRefusedByTheirFields() {
    PlanResult result =
        JobPlan.of(
            Cluster.job(
                """
                {teacher: {model: {uri: file:///teacher}},
                 data: {uri: file:///corpus, validationUri: file:///held-out},
                 student: {initFrom: {uri: file:///small}}}
                """),
            false,
            PodSecurity.USUAL);
    assertThat(result.planned()).isEmpty();
    assertThat(((PlanResult.Refused) result).problems())
        .containsExactlyInAnyOrderElementsOf(
            List.of(
                refused("spec.teacher.model.uri", "file:///teacher"),
                refused("spec.data.uri", "file:///corpus"),
                refused("spec.data.validationUri", "file:///held-out"),
                refused("spec.student.initFrom.uri", "file:///small")));
  }

  @Test
  void everyProblemIsToldAtOnce() {
    PlanResult result =
        JobPlan.of(
            Cluster.job("{data: {uri: file:///corpus}, training: {sequenceLength: 100000}}"),
            false,
            PodSecurity.USUAL);
    assertThat(((PlanResult.Refused) result).problems())
        .hasSizeGreaterThan(1)
        .contains(refused("spec.data.uri", "file:///corpus"))
        .anyMatch(problem -> problem.startsWith("spec.training.sequenceLength: "));
  }

  private static String refused(String field, String uri) {
    return field + ": " + uri + " can only be read on one machine: give pvc://CLAIM/PATH";
  }

  @Test
  void aQueueWithoutKueueIsRefusedAndSaysWhatToSet() {
    DistillationJob job = Cluster.job("queueName: gpus");
    assertThat(((PlanResult.Refused) JobPlan.of(job, false, PodSecurity.USUAL)).problems())
        .containsExactly(
            "spec.queueName: this operator does not ask Kueue for quota in gpus: set"
                + " kueue.enabled=true in its chart, or take the queue off the job");
    assertThat(JobPlan.of(job, true, PodSecurity.USUAL)).isInstanceOf(PlanResult.Planned.class);
  }

  @Test
  void aQueueByLabelIsAQueueToo() {
    DistillationJob job = Cluster.job();
    job.getMetadata().setLabels(Map.of("kueue.x-k8s.io/queue-name", "shared"));
    assertThat(JobPlan.of(job, false, PodSecurity.USUAL)).isInstanceOf(PlanResult.Refused.class);
    assertThat(JobPlan.of(job, true, PodSecurity.USUAL)).isInstanceOf(PlanResult.Planned.class);
  }

  @Test
  void twoQueuesAreOneTooMany() {
    DistillationJob job = Cluster.job("queueName: gpus");
    job.getMetadata().setLabels(Map.of("kueue.x-k8s.io/queue-name", "shared"));
    assertThat(((PlanResult.Refused) JobPlan.of(job, true, PodSecurity.USUAL)).problems())
        .containsExactly(
            "spec.queueName: is gpus, but the label kueue.x-k8s.io/queue-name is shared: leave one"
                + " out");
  }

  @Test
  void rightsBeyondTheRestrictedProfileAreRefusedUnlessTheChartAllowsThem() {
    DistillationJob job =
        Cluster.job(
            "trainer: {pod: {containerSecurityContext: {capabilities: {add: [IPC_LOCK]}}}}");
    assertThat(((PlanResult.Refused) JobPlan.of(job, false, PodSecurity.USUAL)).problems())
        .containsExactly(
            "spec.trainer.pod.containerSecurityContext.capabilities.add: IPC_LOCK leaves the"
                + " restricted Pod Security profile: leave it out, or install the chart with"
                + " allowPrivilegedPods");
    assertThat(JobPlan.of(job, false, new PodSecurity(true, false)))
        .isInstanceOf(PlanResult.Planned.class);
  }
}
