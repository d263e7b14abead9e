package dev.alambic.operator.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.alambic.failure.ExitCode;
import dev.alambic.operator.plan.Device;
import dev.alambic.operator.plan.Specs;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRule;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrainerChildrenTest {
  private static final Device GPU = Device.gpu(80L << 30, 8);

  private final JobSpec job = Rendered.of().trainer().getSpec();
  private final Container container = Rendered.of().container(Role.Trainer);
  private final List<PodFailurePolicyRule> rules = job.getPodFailurePolicy().getRules();

  @Test
  void isAnIndexedJobOfOnePodForEachReplica() {
    assertThat(job.getCompletionMode()).isEqualTo("Indexed");
    assertThat(job.getCompletions()).isEqualTo(1);
    assertThat(job.getParallelism()).isEqualTo(1);
    assertThat(job.getTemplate().getSpec().getRestartPolicy()).isEqualTo("Never");
  }

  @Test
  void twoNeverWriteToOneVolume() {
    assertThat(job.getPodReplacementPolicy()).isEqualTo("Failed");
  }

  @Test
  void theLifecycleAloneEndsIt() {
    assertThat(job.getTtlSecondsAfterFinished()).isNull();
    assertThat(job.getActiveDeadlineSeconds()).isNull();
  }

  @Test
  void triesAsOftenAsTheSpecSays() {
    assertThat(job.getBackoffLimit()).isEqualTo(6);
    assertThat(Rendered.of("backoffLimit: 0").trainer().getSpec().getBackoffLimit()).isZero();
  }

  @Test
  void saysWhatBudgetItWasStartedWith() {
    assertThat(Rendered.of("tokenBudget: 5M").trainer().getMetadata().getAnnotations())
        .containsEntry("alambic.dev/token-budget", "5000000")
        .doesNotContainKey("alambic.dev/finish");
  }

  @Test
  void saysHowManyItWasStartedAsAndHowTheyShare() {
    assertThat(
            Rendered.of("trainer: {replicas: 4, sharding: Full}")
                .trainer()
                .getMetadata()
                .getAnnotations())
        .containsEntry("alambic.dev/trainers", "4")
        .containsEntry("alambic.dev/sharding", "Full");
  }

  @Test
  void saysThatItWasStartedToFinishAndTellsTheTrainer() {
    Rendered asked = Rendered.of();
    Rendered finishing = new Rendered(asked.job(), asked.plan().finishingNow());
    ConfigMap spec = finishing.child(ConfigMap.class, "quickstart-run");

    assertThat(finishing.trainer().getMetadata().getAnnotations())
        .containsEntry("alambic.dev/finish", "now");
    assertThat(spec.getData().values().iterator().next()).contains("\"finishNow\" : true");
  }

  @Test
  void aLostNodeIsIgnoredBeforeAnyExitCodeIsRead() {
    PodFailurePolicyRule first = rules.get(0);
    assertThat(first.getAction()).isEqualTo("Ignore");
    assertThat(first.getOnExitCodes()).isNull();
    assertThat(first.getOnPodConditions())
        .singleElement()
        .satisfies(
            condition -> {
              assertThat(condition.getType()).isEqualTo("DisruptionTarget");
              assertThat(condition.getStatus()).isEqualTo("True");
            });
  }

  @Test
  void exitCodesMeanWhatTheContractSays() {
    assertThat(rules).hasSize(3);
    assertThat(rules.get(1).getAction()).isEqualTo("Ignore");
    assertThat(codes(1)).containsExactly(ExitCode.TRY_AGAIN.code());
    assertThat(rules.get(2).getAction()).isEqualTo("FailJob");
    assertThat(codes(2)).isSorted().doesNotContain(0).doesNotHaveDuplicates();
    Set<Integer> fatal = new HashSet<>(codes(2));
    for (ExitCode exit : ExitCode.values()) {
      assertThat(fatal.contains(exit.code()))
          .as(exit.name())
          .isEqualTo(!exit.retriable() && exit != ExitCode.COMPLETE);
    }
  }

  @Test
  void onlyTheTrainersOwnExitCodeCounts() {
    assertThat(rules.subList(1, 3))
        .allSatisfy(
            rule -> {
              assertThat(rule.getOnExitCodes().getContainerName()).isEqualTo(container.getName());
              assertThat(rule.getOnExitCodes().getOperator()).isEqualTo("In");
              assertThat(rule.getOnPodConditions()).isEmpty();
            });
  }

  private static final String FOUR = "trainer: {replicas: 4}";

  /** What Kubernetes does with a failed pod: the first rule that matches, else it counts. */
  private String action(int exitCode, boolean disrupted) {
    return rules.stream()
        .filter(
            rule ->
                rule.getOnExitCodes() == null
                    ? disrupted
                    : rule.getOnExitCodes().getValues().contains(exitCode))
        .map(PodFailurePolicyRule::getAction)
        .findFirst()
        .orElse("Count");
  }

  private List<String> actions(int... exitCodes) {
    return IntStream.of(exitCodes).mapToObj(code -> action(code, false)).toList();
  }

  @Test
  void oneOfSeveralThatIsKilledCountsOnceAsTheOthersLeaveOfTheirOwnAccord() {
    assertThat(actions(75, 137, 75, 75)).containsExactly("Ignore", "Count", "Ignore", "Ignore");
  }

  @Test
  void aDrainedNodeCountsForNone() {
    // Its pod may write a checkpoint in time (75) or not (137), or its node is gone for good.
    for (int exitCode : new int[] {75, 137, 143}) {
      assertThat(action(exitCode, true)).isEqualTo("Ignore");
    }
    assertThat(actions(75, 75, 75)).containsOnly("Ignore");
  }

  @Test
  void oneOfSeveralThatNoRetryCanMendEndsAll() {
    assertThat(actions(75, 65)).containsExactly("Ignore", "FailJob");
  }

  @Test
  void severalAreAPodEachAndWaitEachForItsOwnFailures() {
    JobSpec four = Rendered.of(FOUR, "backoffLimit: 3").trainer().getSpec();

    assertThat(four.getCompletions()).isEqualTo(4);
    assertThat(four.getParallelism()).isEqualTo(4);
    assertThat(four.getBackoffLimit()).isEqualTo(3);
    assertThat(four.getBackoffLimitPerIndex()).isEqualTo(3);
    assertThat(four.getMaxFailedIndexes()).isNull();
    assertThat(job.getBackoffLimitPerIndex()).isNull();
  }

  @Test
  void severalMeetAtTheirPodsNames() {
    Rendered four = Rendered.of(FOUR);
    Service service = four.child(Service.class, "quickstart-trainer");
    String host = four.trainer().getMetadata().getName();
    String domain = four.pod(Role.Trainer).getSpec().getSubdomain();

    assertThat(domain).isEqualTo(service.getMetadata().getName());
    assertThat(four.pod(Role.Trainer).getSpec().getHostname()).as("the Job names them").isNull();
    assertThat(TrainerChildren.addresses(four.job()))
        .containsExactly(host + "-[0-3]." + domain + ".research.svc:9091");
    assertThat(service.getSpec().getPublishNotReadyAddresses()).isTrue();
  }

  @Test
  void onlySeveralHaveAPortToMeetAt() {
    Rendered four = Rendered.of(FOUR);

    assertThat(four.container(Role.Trainer).getPorts())
        .extracting(ContainerPort::getName, ContainerPort::getContainerPort)
        .containsExactly(tuple("http", 8080), tuple("peers", 9091));
    assertThat(four.child(Service.class, "quickstart-trainer").getSpec().getPorts())
        .extracting(ServicePort::getName, ServicePort::getPort)
        .containsExactly(tuple("http", 8080), tuple("peers", 9091));
    assertThat(container.getPorts()).extracting(ContainerPort::getName).containsExactly("http");
    assertThat(Rendered.of().child(Service.class, "quickstart-trainer").getSpec().getPorts())
        .extracting(ServicePort::getName)
        .containsExactly("http");
  }

  @Test
  void isStartedByTheImagesCommand() {
    assertThat(container.getName()).isEqualTo("trainer");
    assertThat(container.getArgs())
        .containsExactly(
            "train",
            "--spec",
            "/alambic/spec/run.json",
            "--port",
            "8080",
            "--termination-message",
            "/dev/termination-log");
    assertThat(container.getTerminationMessagePath()).as("the default, the same").isNull();
  }

  @Test
  void isAliveWhileItAnswersAndReadyWhileItTrains() {
    assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/healthz");
    assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/readyz");
  }

  @Test
  void hasTimeToWriteACheckpoint() {
    assertThat(grace("student: {size: 100M}")).isEqualTo(120);
    // 16 bytes for each of 2.6 billion parameters at 100 MB/s, and a minute.
    assertThat(grace("student: {size: 2.6B}")).isBetween(470L, 485L);
    assertThat(grace("student: {size: 27B}")).isEqualTo(3600);
    assertThat(job.getTemplate().getSpec().getTerminationGracePeriodSeconds()).isEqualTo(120);
  }

  @Test
  void asksForTheMemoryThatThePlanEstimates() {
    Rendered rendered = Rendered.of();
    double asked =
        rendered
            .container(Role.Trainer)
            .getResources()
            .getRequests()
            .get("memory")
            .getNumericalAmount()
            .doubleValue();
    assertThat(asked - rendered.plan().memory().total())
        .isBetween((double) Bytes.GI, (double) Bytes.GI + Bytes.MI);
  }

  @Test
  void itsPodsHaveNamesBeforeTheyAreReady() {
    Service service = Rendered.of().child(Service.class, "quickstart-trainer");
    assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
    assertThat(service.getSpec().getPublishNotReadyAddresses()).isTrue();
    assertThat(job.getTemplate().getMetadata().getLabels())
        .containsAllEntriesOf(service.getSpec().getSelector());
    assertThat(job.getTemplate().getSpec().getSubdomain())
        .isEqualTo(service.getMetadata().getName());
  }

  private List<Integer> codes(int rule) {
    return rules.get(rule).getOnExitCodes().getValues();
  }

  private static long grace(String student) {
    return TrainerChildren.graceSeconds(Specs.plan(Specs.gemma(GPU), student));
  }

  private static final String TWO_OF_FOUR =
      "{training: {sequenceLength: 64, batchTokens: 4096},"
          + " trainer: {replicas: 2, pod: {resources: {limits: {nvidia.com/gpu: 4}}}}}";

  @Test
  void aPodWithSeveralGpusIsOnePodOfSeveralTrainers() {
    Rendered two = Rendered.of(TWO_OF_FOUR);

    assertThat(two.trainer().getSpec().getCompletions()).isEqualTo(2);
    assertThat(two.trainer().getSpec().getParallelism()).isEqualTo(2);
    assertThat(two.trainer().getMetadata().getAnnotations())
        .containsEntry("alambic.dev/trainers", "2")
        .containsEntry("alambic.dev/trainers-per-pod", "4");
    assertThat(TrainerChildren.addresses(two.job()))
        .containsExactly("quickstart-trainer-[0-1].quickstart-trainer.research.svc:[9091-9094]");
    assertThat(two.child(ConfigMap.class, "quickstart-run").getData().values())
        .singleElement()
        .asString()
        .contains("\"perPod\" : 4", "\"gradientShares\" : 8");
  }
}
