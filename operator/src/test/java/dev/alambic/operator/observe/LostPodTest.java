package dev.alambic.operator.observe;

import static dev.alambic.operator.observe.Objects.NO_WARNINGS;
import static dev.alambic.operator.observe.Objects.deployment;
import static dev.alambic.operator.observe.Objects.job;
import static dev.alambic.operator.observe.Objects.pod;
import static dev.alambic.operator.observe.Objects.rank;
import static dev.alambic.operator.observe.Objects.running;
import static dev.alambic.operator.observe.Objects.teacher;
import static dev.alambic.operator.observe.Objects.trainer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.operator.lifecycle.ObservedState.Work;
import dev.alambic.operator.lifecycle.ObservedState.WorkState;
import dev.alambic.operator.lifecycle.Problem;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes, kubelets and networks that are gone, by what of it stands in the pods. */
class LostPodTest {
  /** As the node lifecycle controller leaves a pod of a node that is silent. */
  private static final String SILENT =
      "phase: Running, podIP: 10.0.0.1, conditions: [{type: Ready, status: 'False'},"
          + " {type: ContainersReady, status: 'True'}]";

  private static final String CONTAINER =
      "containerStatuses: [{name: trainer, state: {running: {}}}]";

  private static Pod on(String node, String status) {
    Pod pod = pod("a", "{" + status + ", " + CONTAINER + "}");
    pod.getSpec().setNodeName(node);
    return pod;
  }

  private static Pod asked(Pod pod) {
    pod.getMetadata().setDeletionTimestamp("2026-11-24T13:00:00Z");
    return pod;
  }

  private static Work of(ChildObjects seen) {
    return Objects.work(seen, NO_WARNINGS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SILENT,
        "phase: Unknown",
        "phase: Running, reason: NodeLost",
        "phase: Running, conditions: [{type: Ready, status: Unknown, reason: NodeStatusUnknown}]"
      })
  void aPodOfASilentNodeIsLostAtOnceAndSaysWhatToDo(String status) {
    Work seen = of(trainer(job("", "{active: 1}"), on("node-7", status)));
    assertThat(seen.state()).as("it may run on").isEqualTo(WorkState.Running);
    assertThat(seen.problem().from()).isNull();
    assertThat(seen.problem().reason()).isEqualTo(Problem.NODE_LOST);
    assertThat(seen.problem().message())
        .isEqualTo(
            "pod a on node node-7: the node does not answer; as it may run on, no other takes its"
                + " place. If the node is off for good, delete it, or: kubectl taint node node-7"
                + " node.kubernetes.io/out-of-service=nodeshutdown:NoExecute");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "phase: Running, conditions: [{type: Ready, status: 'True'}]",
        "phase: Running, conditions: [{type: Ready, status: 'False', reason: ContainersNotReady}]",
        "phase: Running, conditions: [{type: Ready, status: 'False', reason:"
            + " ReadinessGatesNotReady}, {type: ContainersReady, status: 'True'}]",
        // A kubelet of another make, which gives no reasons.
        "phase: Running, conditions: [{type: Ready, status: 'False'},"
            + " {type: ContainersReady, status: 'False'}]",
        "phase: Running"
      })
  void aPodThatItsKubeletTellsOfIsNotLost(String status) {
    assertThat(of(trainer(job("", "{active: 1}"), on("node-7", status))).problem()).isNull();
  }

  @Test
  void aPodThatWasAskedToGoIsLostSomeTimeAfterItsTime() {
    Work seen = of(trainer(job("", "{terminating: 1}"), asked(running("a"))));
    assertThat(seen.state()).isEqualTo(WorkState.Running);
    assertThat(seen.problem().from()).isEqualTo(Instant.parse("2026-11-24T13:00:30Z"));
    assertThat(seen.problem().message())
        .startsWith(
            "pod a: it had until 2026-11-24T13:00:00Z to end, and its end is not confirmed");
  }

  @Test
  void anEndThatIsConfirmedIsNone() {
    Pod gone = asked(Objects.ended("a", 75, "Error", ""));
    assertThat(of(trainer(job("", "{}"), gone)).problem()).isNull();
  }

  @Test
  void aJobThatGoesTellsOfThePodThatHoldsItUp() {
    String going = ", deletionTimestamp: '2026-11-24T13:00:00Z'";
    assertThat(of(trainer(job(going, "{}"), on("n", SILENT))).lost()).isTrue();
    assertThat(of(trainer(null, on("n", SILENT))).lost()).as("nor a Job that is gone").isTrue();
  }

  @Test
  void ofSeveralTheLostOneIsNamedThoughOthersStartAgain() {
    Pod lost = rank(1, on("node-7", SILENT));
    Pod next = rank(0, pod("b", "{phase: Pending}"));
    Work seen = of(trainer(job(2, "{active: 2}"), next, lost));
    assertThat(seen.state()).isEqualTo(WorkState.Pending);
    assertThat(seen.problem().message()).startsWith("trainer 1 of 2: pod a on node node-7: ");
  }

  @Test
  void aTeacherOfALostNodeIsTheCauseOfTheWaitUntilAnotherAnswers() {
    Pod lost = on("node-7", SILENT);
    assertThat(problem(lost).reason()).isEqualTo(Problem.NODE_LOST);
    Pod next =
        pod(
            "b",
            "{phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason:"
                + " Unschedulable}]}");
    assertThat(problem(asked(lost), next).reason()).isEqualTo("Unschedulable");
    assertThat(problem(lost, pod("b", "{phase: Pending}")).reason()).isEqualTo(Problem.NODE_LOST);
  }

  private static Problem problem(Pod... pods) {
    return TeacherObservation.of(teacher(deployment(1, "[]"), pods), "e", NO_WARNINGS).problem();
  }

  @Test
  void aShardOfALostNodeIsNamed() {
    IndexedJob seen = new IndexedJob(job(1, "{active: 1}"), List.of(on("n", SILENT)));
    assertThat(FillObservation.of(seen, null, NO_WARNINGS).work().lost()).isTrue();
  }
}
