package dev.alambic.operator.observe;

import static dev.alambic.operator.observe.Objects.NO_WARNINGS;
import static dev.alambic.operator.observe.Objects.deployment;
import static dev.alambic.operator.observe.Objects.job;
import static dev.alambic.operator.observe.Objects.pod;
import static dev.alambic.operator.observe.Objects.rank;
import static dev.alambic.operator.observe.Objects.teacher;
import static dev.alambic.operator.observe.Objects.trainer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.operator.lifecycle.ObservedState.Work;
import dev.alambic.operator.lifecycle.ObservedState.WorkState;
import dev.alambic.operator.lifecycle.Problem;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Containers that a mesh or an agent adds to the pods; the kubelet lists them by name. */
class SidecarTest {
  private static final String PROXY = "{name: istio-proxy, ready: true, state: {running: {}}}";
  private static final String ENDED =
      "{name: trainer, state: {terminated: {exitCode: %d, reason: %s, message: '%s',"
          + " finishedAt: '2026-11-24T12:34:56Z'}}}";

  private static Pod beside(String phase, String status) {
    return pod(
        "a",
        "{phase: %s, podIP: 10.0.0.1, containerStatuses: [%s, %s]}"
            .formatted(phase, PROXY, status));
  }

  private static Pod ended(String phase, int exitCode) {
    return beside(phase, ENDED.formatted(exitCode, "Error", "error: said"));
  }

  private static Work of(ChildObjects seen) {
    return Objects.work(seen, NO_WARNINGS);
  }

  @Test
  void exitCodeAndLastWordsAreThoseOfTheTrainer() {
    Pod pod = ended("Failed", 65);
    assertThat(Pods.end(pod).map(ContainerStateTerminated::getExitCode)).contains(65);
    Work seen =
        of(trainer(job("", "{failed: 1, conditions: [{type: Failed, status: 'True'}]}"), pod));
    assertThat(seen.exitCode()).isEqualTo(65);
    assertThat(seen.message()).isEqualTo("pod a ended with exit code 65: said");
  }

  @Test
  void theLabelSaysWhichContainerIsTheRolesOwn() {
    Pod pod = beside("Running", ENDED.formatted(65, "Error", ""));
    pod.getMetadata().setLabels(Map.of("app.kubernetes.io/component", "teacher"));
    assertThat(Pods.end(pod)).isEmpty();
    pod.getMetadata().setLabels(Map.of("app.kubernetes.io/component", "trainer"));
    assertThat(Pods.end(pod)).isPresent();
  }

  @Test
  void anOomKillTellsTheTrainersLimit() {
    Pod pod = beside("Failed", ENDED.formatted(137, "OOMKilled", ""));
    pod.getSpec()
        .getContainers()
        .add(
            0,
            pod.getSpec().getContainers().get(0).toBuilder()
                .withName("istio-proxy")
                .withNewResources()
                .addToLimits("memory", new io.fabric8.kubernetes.api.model.Quantity("64Mi"))
                .endResources()
                .build());
    assertThat(of(trainer(job("", "{failed: 1}"), pod)).message()).contains("its limit of 4Gi");
  }

  @Test
  void aTeacherThatCannotWorkIsFatalWhereverItStandsInTheList() {
    Pod pod = pod("t", "{phase: Running, containerStatuses: [%s, %s]}".formatted(PROXY, FATAL));
    Problem problem =
        TeacherObservation.of(teacher(deployment(1, "[]"), pod), "e", NO_WARNINGS).problem();
    assertThat(problem.fatal()).isTrue();
    assertThat(problem.words()).contains("exit code 65: weights do not fit");
  }

  private static final String FATAL =
      "{name: teacher, state: {terminated: {exitCode: 65, message: weights do not fit}}}";

  @Test
  void aTrainerRunsThoughItsSidecarDoesNot() {
    Pod pod =
        pod(
            "a",
            "{phase: Pending, containerStatuses: [{name: agent, state: {waiting: {reason:"
                + " ImagePullBackOff}}}, {name: trainer, state: {running: {}}}]}");
    assertThat(of(trainer(job("", "{active: 1}"), pod)).state()).isEqualTo(WorkState.Running);
  }

  @Test
  void aSidecarThatHoldsThePodUpIsNamed() {
    String agent =
        "{name: agent, state: {waiting: {reason: ImagePullBackOff, message: no such image}}}";
    String waits = "{name: trainer, state: {waiting: {reason: PodInitializing}}}";
    for (String status :
        List.of(
            "containerStatuses: [%s, %s]".formatted(waits, agent),
            "containerStatuses: [%s], initContainerStatuses: [%s]".formatted(waits, agent))) {
      Pod pod = pod("a", "{phase: Pending, %s}".formatted(status));
      assertThat(of(trainer(job("", "{active: 1}"), pod)).problem().words())
          .isEqualTo("ImagePullBackOff: pod a: container agent: no such image");
    }
  }

  @Test
  void theTrainersOwnTroubleComesFirst() {
    Pod pod =
        pod(
            "a",
            """
            {phase: Pending, containerStatuses: [{name: agent, state: {waiting: {reason:
             ErrImagePull}}}, {name: trainer, state: {waiting: {reason: InvalidImageName,
             message: bad}}}]}
            """);
    assertThat(of(trainer(job("", "{active: 1}"), pod)).problem().words())
        .isEqualTo("InvalidImageName: pod a: bad");
  }

  @Test
  void aTrainerThatIsDoneHasSucceededThoughItsSidecarGoesOn() {
    Pod pod = ended("Running", 0);
    ChildObjects seen = trainer(job("", "{active: 1}"), pod);
    assertThat(of(seen).state()).isEqualTo(WorkState.Succeeded);
    assertThat(of(seen).exitCode()).isZero();
    assertThat(Lingering.of(seen.trainer()))
        .isEqualTo(new Lingering(Optional.of(0), List.of(pod), true));
  }

  /** The kubelet tells of the container first: the Job is to count the pod by itself. */
  @Test
  void aPodWithoutOthersThatHasJustEndedIsLeftToItsJob() {
    Pod alone =
        pod(
            "a",
            "{phase: Running, podIP: 10.0.0.1, containerStatuses: [%s]}"
                .formatted(ENDED.formatted(0, "Completed", "")));
    assertThat(Lingering.of(trainer(job("", "{active: 1}"), alone).trainer()))
        .isEqualTo(new Lingering(Optional.empty(), List.of(), false));

    Pod beside = ended("Running", 0);
    assertThat(Lingering.of(trainer(job("", "{active: 1}"), beside).trainer()))
        .isEqualTo(new Lingering(Optional.of(0), List.of(beside), true));
  }

  @Test
  void aSidecarThatEndsBadlySpoilsNothing() {
    ChildObjects seen = trainer(job("", "{failed: 1}"), ended("Failed", 0));
    assertThat(of(seen).state()).isEqualTo(WorkState.Succeeded);
    assertThat(Lingering.of(seen.trainer())).as("nothing still runs").isEqualTo(NOTHING);
  }

  private static final Lingering NOTHING = new Lingering(Optional.empty(), List.of(), false);

  @Test
  void aJobThatTookTheSidecarForTheWorkAndMadeAnotherPodHasSucceeded() {
    Pod next = Objects.made("12:40:00", Objects.running("b"));
    assertThat(of(trainer(job("", "{failed: 1}"), ended("Failed", 0), next)).state())
        .isEqualTo(WorkState.Succeeded);
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 65, 66, 70})
  void aFailureThatNoRetryMendsIsOneThoughTheSidecarGoesOn(int exitCode) {
    ChildObjects seen = trainer(job("", "{active: 1}"), ended("Running", exitCode));
    assertThat(of(seen).state()).isEqualTo(WorkState.Failed);
    assertThat(of(seen).exitCode()).isEqualTo(exitCode);
    assertThat(of(seen).message()).endsWith("exit code " + exitCode + ": said");
    assertThat(Lingering.of(seen.trainer()).result()).contains(exitCode);
  }

  @ParameterizedTest
  @ValueSource(ints = {69, 74, 75, 137, 1})
  void aTrainerThatIsToStartAgainGivesUpItsPod(int exitCode) {
    Pod pod = ended("Running", exitCode);
    ChildObjects seen = trainer(job("", "{active: 1}"), pod);
    assertThat(of(seen).state()).isEqualTo(WorkState.Pending);
    assertThat(of(seen).exitCode()).isEqualTo(exitCode);
    assertThat(Lingering.of(seen.trainer()))
        .isEqualTo(new Lingering(Optional.empty(), List.of(pod), false));
    pod.getMetadata().setDeletionTimestamp("2026-11-24T13:00:00Z");
    assertThat(Lingering.of(seen.trainer())).as("asked once").isEqualTo(NOTHING);
  }

  @Test
  void ofSeveralAllMustBeDone() {
    Pod first = rank(0, ended("Running", 0));
    Pod second = rank(1, Objects.running("b"));
    ChildObjects one = trainer(job(2, "{active: 2}"), first, second);
    assertThat(of(one).state()).isEqualTo(WorkState.Running);
    assertThat(Lingering.of(one.trainer())).isEqualTo(NOTHING);
    ChildObjects both = trainer(job(2, "{active: 2}"), first, rank(1, ended("Running", 0)));
    assertThat(of(both).state()).isEqualTo(WorkState.Succeeded);
    assertThat(Lingering.of(both.trainer()).result()).contains(0);
  }

  @Test
  void whatWasWrittenDownStaysWhenThePodsAreGone() {
    for (int exitCode : List.of(0, 65)) {
      Job job = job("", "{conditions: [{type: Suspended, status: 'True'}]}");
      job.getMetadata()
          .setAnnotations(
              Map.of("alambic.dev/ended", "" + exitCode, "alambic.dev/token-budget", "1000"));
      assertThat(of(trainer(job)).state())
          .isEqualTo(exitCode == 0 ? WorkState.Succeeded : WorkState.Failed);
      assertThat(of(trainer(job)).exitCode()).isEqualTo(exitCode);
      Pod pod = ended("Running", exitCode);
      assertThat(Lingering.of(trainer(job, pod).trainer()))
          .as("an operator that was stopped in between continues")
          .isEqualTo(new Lingering(Optional.empty(), List.of(pod), true));
      job.getSpec().setSuspend(true);
      assertThat(Lingering.of(trainer(job).trainer())).isEqualTo(NOTHING);
    }
  }

  @Test
  void aPodOfTheJobBeforeIsNotThisOnes() {
    Pod old = ended("Failed", 0);
    old.getMetadata()
        .setOwnerReferences(
            List.of(new OwnerReferenceBuilder().withUid("another").withController(true).build()));
    assertThat(of(trainer(job("", "{}"), old)).state()).isEqualTo(WorkState.Pending);
  }

  @Test
  void aShardThatIsDoneIsCountedThoughItsSidecarGoesOn() {
    Pod pod = beside("Running", ENDED.formatted(0, "Completed", "").replace("trainer", "fill"));
    IndexedJob seen = new IndexedJob(job(1, "{active: 1}"), List.of(pod));
    assertThat(FillObservation.of(seen, null, NO_WARNINGS).filled()).isEqualTo(1);
    assertThat(FillObservation.of(seen, null, NO_WARNINGS).work().state())
        .isEqualTo(WorkState.Succeeded);
    assertThat(Lingering.of(seen).result()).contains(0);
  }
}
