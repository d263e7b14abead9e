package dev.alambic.operator.observe;

import static dev.alambic.operator.observe.Objects.NO_WARNINGS;
import static dev.alambic.operator.observe.Objects.deployment;
import static dev.alambic.operator.observe.Objects.pod;
import static dev.alambic.operator.observe.Objects.teacher;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.operator.lifecycle.ObservedState.Teacher;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TeacherObservationTest {
  private static final String READY =
      "{phase: Running, conditions: [{type: Ready, status: 'True'}],"
          + " containerStatuses: [{name: trainer, state: {running: {}}}]}";

  private static Teacher of(ChildObjects seen) {
    return TeacherObservation.of(seen, "dns:///t:9090", NO_WARNINGS);
  }

  private static Pod waiting(String reason, String message, String lastState) {
    return pod(
        "t",
        "{phase: Pending, containerStatuses: [{name: trainer, state: {waiting: {reason: %s, message: '%s'}} %s}]}"
            .formatted(reason, message, lastState));
  }

  @Test
  void noDeploymentIsNoTeacher() {
    assertThat(of(teacher(null))).isEqualTo(new Teacher(0, 0, null, null));
  }

  @Test
  void readyPodsAnswer() {
    Teacher seen = of(teacher(deployment(2, "[]"), pod("a", READY), pod("b", "{phase: Pending}")));
    assertThat(seen).isEqualTo(new Teacher(2, 1, null, "dns:///t:9090"));
  }

  @Test
  void aPodThatIsGoingDoesNotAnswer() {
    Pod going = pod("a", READY);
    going.getMetadata().setDeletionTimestamp("2026-11-24T13:00:00Z");
    assertThat(of(teacher(deployment(1, "[]"), going)).readyReplicas()).isZero();
  }

  @Test
  void anImageThatCannotBePulledIsNamed() {
    Teacher seen =
        of(teacher(deployment(1, "[]"), waiting("ImagePullBackOff", "Back-off pulling x:1", "")));
    assertThat(seen.problem().words()).isEqualTo("ImagePullBackOff: pod t: Back-off pulling x:1");
    assertThat(seen.problem().fatal()).isFalse();
  }

  @Test
  void aContainerOnItsWayIsNoProblemUnlessThePlatformWarns() {
    ChildObjects seen = teacher(deployment(1, "[]"), waiting("ContainerCreating", "", ""));
    assertThat(of(seen).problem()).isNull();
    assertThat(
            TeacherObservation.of(seen, "x", object -> Optional.of("MountVolume failed"))
                .problem()
                .words())
        .isEqualTo("NotStarting: pod t: MountVolume failed");
  }

  @Test
  void aTeacherThatEndsWithAFatalCodeCanNeverWork() {
    String lastState =
        ", lastState: {terminated: {exitCode: 66, reason: Error, message: 'error: /m: no config.json'}}";
    Teacher seen =
        of(teacher(deployment(1, "[]"), waiting("CrashLoopBackOff", "back-off 10s", lastState)));
    assertThat(seen.problem().fatal()).isTrue();
    assertThat(seen.problem().words())
        .isEqualTo("CrashLoopBackOff: pod t ended with exit code 66: /m: no config.json");
  }

  @Test
  void aTeacherThatIsKilledMayComeBack() {
    String lastState = ", lastState: {terminated: {exitCode: 137, reason: OOMKilled}}";
    Teacher seen =
        of(teacher(deployment(1, "[]"), waiting("CrashLoopBackOff", "back-off", lastState)));
    assertThat(seen.problem().fatal()).isFalse();
    assertThat(seen.problem().words()).contains("OOM-killed", "4Gi");
  }

  @Test
  void aQuotaThatRefusesPodsIsTold() {
    String condition =
        "[{type: ReplicaFailure, status: 'True', reason: FailedCreate, message: 'exceeded quota'}]";
    assertThat(of(teacher(deployment(1, condition))).problem().words())
        .isEqualTo("FailedCreate: deployment j-teacher: exceeded quota");
  }
}
