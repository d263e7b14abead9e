package dev.alambic.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A user's thing that is called as Alambic's is never left out without a word. */
class ReservedNamesTest {
  private static List<String> problems(String role, String pod) {
    String fields = "{%s: {pod: {%s}}}".formatted(role, pod);
    PlanResult result = Planner.tryPlan("j", Specs.with(fields), Specs.toy(Specs.with(fields)));
    return result instanceof PlanResult.Refused refused ? refused.problems() : List.of();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "labels: {alambic.dev/job: a}|labels[alambic.dev/job]: the key is",
        "labels: {alambic.dev/any: a}|labels[alambic.dev/any]: the key is",
        "labels: {app.kubernetes.io/component: a}|labels[app.kubernetes.io/component]: the key is",
        "labels: {app.kubernetes.io/managed-by: a}|labels[app.kubernetes.io/managed-by]: the key is",
        "annotations: {alambic.dev/job-name: a}|annotations[alambic.dev/job-name]: the key is",
        "volumeMounts: [{name: v, mountPath: /alambic/run}]"
            + "|volumeMounts[0].mountPath: /alambic/run is",
        "volumeMounts: [{name: v, mountPath: /dev/termination-log}]"
            + "|volumeMounts[0].mountPath: /dev/termination-log is",
        "initContainers: [{name: a}, {name: trainer}]|initContainers[1].name: trainer is",
        "initContainers: [{name: teacher}]|initContainers[0].name: teacher is",
        "initContainers: [{name: fill}]|initContainers[0].name: fill is",
        "initContainers: [{name: a, restartPolicy: Always, ports: [{containerPort: 8080}]}]"
            + "|initContainers[0].ports[0].containerPort: 8080 is",
      })
  void aNameOfOursIsRefusedByField(String asked, String problem) {
    for (String role : List.of("teacher", "trainer")) {
      assertThat(problems(role, asked))
          .containsExactly("spec.%s.pod.%s Alambic's own: choose another".formatted(role, problem));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/alambic",
        "/alambic/",
        "//alambic",
        "alambic",
        "/tmp/../alambic",
        "/alambic/./spec",
        "/alambic/spec/run.json",
        "/alambic/elsewhere",
        "/",
        "/tmp/..",
        "\"\""
      })
  void noWayOfWritingAPathGetsAround(String path) {
    assertThat(problems("trainer", "volumeMounts: [{name: v, mountPath: %s}]".formatted(path)))
        .singleElement()
        .asString()
        .startsWith("spec.trainer.pod.volumeMounts[0].mountPath: ")
        .endsWith(" Alambic's own: choose another");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "labels: {team: a, app.kubernetes.io/name: b, alambic.developers: c}",
        "annotations: {app.kubernetes.io/component: a}",
        "volumeMounts: [{name: v, mountPath: /tmp}, {name: v, mountPath: /dev/shm}]",
        "volumeMounts: [{name: v, mountPath: /alambicus}, {name: v, mountPath: /data/alambic}]",
        "volumes: [{name: tmp, emptyDir: {}}, {name: claim-0, emptyDir: {}}]",
        "initContainers: [{name: train, ports: [{containerPort: 8080}]}]",
        "env: [{name: HOME, value: /h}]"
      })
  void allElseIsTheUsers(String asked) {
    for (String role : List.of("teacher", "trainer")) {
      assertThat(problems(role, asked)).isEmpty();
    }
  }

  @Test
  void eachRoleHasItsPorts() {
    String sidecar =
        "initContainers: [{name: a, restartPolicy: Always, ports: [{containerPort: %d}]}]";
    for (int port : List.of(9090, 8000)) {
      assertThat(problems("teacher", sidecar.formatted(port))).hasSize(1);
      assertThat(problems("trainer", sidecar.formatted(port))).isEmpty();
    }
    assertThat(problems("trainer", sidecar.formatted(9091))).hasSize(1);
    assertThat(problems("teacher", sidecar.formatted(9091))).isEmpty();
  }
}
