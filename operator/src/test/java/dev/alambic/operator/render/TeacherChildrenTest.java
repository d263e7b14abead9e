package dev.alambic.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentSpec;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TeacherChildrenTest {
  private final DeploymentSpec deployment = Rendered.of().teacher().getSpec();
  private final Container container = Rendered.of().container(Role.Teacher);

  @Test
  void anUpdateNeedsNoGpuMoreThanThereAre() {
    assertThat(deployment.getStrategy().getType()).isEqualTo("RollingUpdate");
    assertThat(deployment.getStrategy().getRollingUpdate().getMaxSurge())
        .isEqualTo(new IntOrString(0));
    assertThat(deployment.getStrategy().getRollingUpdate().getMaxUnavailable())
        .isEqualTo(new IntOrString(1));
  }

  @Test
  void standsEmptyWhenNothingNeedsIt() {
    Rendered job = Rendered.of();
    Deployment none = Rendering.teacher(job.job(), job.plan(), 0, Rendered.SETTINGS);
    assertThat(none.getSpec().getReplicas()).isZero();
    assertThat(deployment.getReplicas()).isEqualTo(2);
  }

  @Test
  void selectsItsOwnPods() {
    assertThat(deployment.getTemplate().getMetadata().getLabels())
        .containsAllEntriesOf(deployment.getSelector().getMatchLabels());
    assertThat(deployment.getSelector().getMatchLabels())
        .isEqualTo(
            Map.of("alambic.dev/job", "quickstart", "app.kubernetes.io/component", "teacher"));
  }

  @Test
  void isStartedByTheImagesCommand() {
    assertThat(container.getName()).isEqualTo("teacher");
    assertThat(container.getCommand()).isEmpty();
    assertThat(container.getArgs())
        .containsExactly(
            "teacher",
            "--spec",
            "/alambic/spec/run.json",
            "--port",
            "9090",
            "--status-port",
            "8080");
    assertThat(container.getPorts())
        .extracting(ContainerPort::getContainerPort)
        .containsExactly(9090, 8080);
  }

  @Test
  void mayLoadForTwoHours() {
    Probe startup = container.getStartupProbe();
    assertThat(startup.getGrpc().getPort()).isEqualTo(9090);
    int seconds = startup.getPeriodSeconds() * startup.getFailureThreshold();
    assertThat(seconds).isEqualTo(7200);
    assertThat(deployment.getProgressDeadlineSeconds()).isGreaterThan(seconds);
  }

  @Test
  void isReadyWhenItAnswersAndAliveWhileItsProcessIs() {
    assertThat(container.getReadinessProbe().getGrpc().getPort()).isEqualTo(9090);
    assertThat(container.getLivenessProbe().getGrpc()).isNull();
    assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/healthz");
    assertThat(container.getLivenessProbe().getHttpGet().getPort())
        .isEqualTo(new IntOrString("http"));
  }

  @Test
  void drainsAndStartsAgain() {
    assertThat(deployment.getTemplate().getSpec().getTerminationGracePeriodSeconds()).isEqualTo(30);
    assertThat(deployment.getTemplate().getSpec().getRestartPolicy()).isEqualTo("Always");
  }

  @Test
  void asksForTheMemoryOfItsWeights() {
    Container known = Rendered.of("teacher: {size: 1B}").container(Role.Teacher);
    assertThat(known.getResources().getRequests().get("memory").getNumericalAmount().doubleValue())
        .isBetween(5.0e9, 5.2e9);
    assertThat(known.getResources().getRequests()).containsEntry("cpu", new Quantity("1"));
  }

  @Test
  void isFoundByAllItsReadyAddresses() {
    Service service = Rendered.of().child(Service.class, "quickstart-teacher");
    assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
    assertThat(service.getSpec().getPublishNotReadyAddresses()).isNull();
    assertThat(service.getSpec().getSelector())
        .isEqualTo(deployment.getSelector().getMatchLabels());
    assertThat(service.getSpec().getPorts())
        .singleElement()
        .satisfies(port -> assertThat(port.getPort()).isEqualTo(9090));
  }

  @Test
  void goesOneAtATime() {
    PodDisruptionBudget budget =
        Rendered.of().child(PodDisruptionBudget.class, "quickstart-teacher");
    assertThat(budget.getSpec().getMaxUnavailable()).isEqualTo(new IntOrString(1));
    assertThat(budget.getSpec().getUnhealthyPodEvictionPolicy()).isEqualTo("AlwaysAllow");
    assertThat(budget.getSpec().getSelector().getMatchLabels())
        .isEqualTo(deployment.getSelector().getMatchLabels());
  }
}
