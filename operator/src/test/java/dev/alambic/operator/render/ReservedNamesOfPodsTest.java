package dev.alambic.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.operator.plan.PlanResult;
import dev.alambic.operator.plan.Planner;
import dev.alambic.operator.plan.Specs;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is in the pods that we render is reserved, or gives way: nothing was forgotten. */
class ReservedNamesOfPodsTest {
  private static final Set<String> GIVE_WAY =
      Set.of("app.kubernetes.io/name", "app.kubernetes.io/instance", "/tmp", "/dev/shm");

  private static boolean refused(Role role, String pod) {
    String of = role == Role.Trainer ? "trainer" : "teacher";
    String fields = "{%s: {pod: {%s}}}".formatted(of, pod);
    return Planner.tryPlan("j", Specs.with(fields), Specs.toy(Specs.with(fields)))
        instanceof PlanResult.Refused;
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void everyNameIsReservedOrGivesWay(Role role) {
    for (Rendered job :
        List.of(
            Rendered.of(),
            Rendered.of(
                "{signal: {cache: {}}, student: {initFrom: {uri: pvc://models/small}},"
                    + " data: {validationUri: pvc://held/out}}"))) {
      PodTemplateSpec pod = job.pod(role);
      pod.getMetadata().getLabels().keySet().forEach(key -> refuses(role, key, "labels: {%s: a}"));
      pod.getMetadata()
          .getAnnotations()
          .keySet()
          .forEach(key -> refuses(role, key, "annotations: {%s: a}"));
      Container container = pod.getSpec().getContainers().get(0);
      refuses(role, container.getName(), "initContainers: [{name: %s}]");
      container.getVolumeMounts().stream()
          .map(VolumeMount::getMountPath)
          .forEach(path -> refuses(role, path, "volumeMounts: [{name: v, mountPath: %s}]"));
      container.getPorts().stream()
          .map(ContainerPort::getContainerPort)
          .forEach(
              port ->
                  refuses(
                      role,
                      port.toString(),
                      "initContainers: [{name: a, restartPolicy: Always, ports: [{containerPort:"
                          + " %s}]}]"));
    }
  }

  private static void refuses(Role role, String name, String field) {
    assertThat(refused(role, field.formatted(name))).as(name).isNotEqualTo(GIVE_WAY.contains(name));
  }
}
