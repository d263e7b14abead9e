package dev.alambic.operator.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What teacher and trainer pods have in common. */
class PodTemplateTest {
  @ParameterizedTest
  @EnumSource(Role.class)
  void keepsTheRestrictedProfile(Role role) {
    PodSpec pod = Rendered.of().pod(role).getSpec();
    var ofPod = pod.getSecurityContext();
    assertThat(ofPod.getRunAsNonRoot()).isTrue();
    assertThat(ofPod.getRunAsUser()).isEqualTo(65532);
    assertThat(ofPod.getRunAsGroup()).isEqualTo(65532);
    assertThat(ofPod.getFsGroup()).isEqualTo(65532);
    assertThat(ofPod.getFsGroupChangePolicy()).isEqualTo("OnRootMismatch");
    assertThat(ofPod.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    var ofContainer = pod.getContainers().get(0).getSecurityContext();
    assertThat(ofContainer.getAllowPrivilegeEscalation()).isFalse();
    assertThat(ofContainer.getReadOnlyRootFilesystem()).isTrue();
    assertThat(ofContainer.getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(ofContainer.getCapabilities().getAdd()).isEmpty();
    assertThat(ofContainer.getPrivileged()).isNull();
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void knowsNothingOfTheCluster(Role role) {
    PodSpec pod = Rendered.of().pod(role).getSpec();
    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    assertThat(pod.getEnableServiceLinks()).isFalse();
    assertThat(pod.getServiceAccountName()).isNull();
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void runsTheOperatorsImage(Role role) {
    Container container = Rendered.of().container(role);
    assertThat(container.getImage()).isEqualTo("registry.example.com/alambic:1");
    assertThat(container.getImagePullPolicy()).isNull();
    assertThat(container.getTerminationMessagePolicy()).isEqualTo("FallbackToLogsOnError");
    assertThat(container.getEnv())
        .filteredOn(variable -> variable.getValueFrom() == null)
        .extracting(EnvVar::getName, EnvVar::getValue)
        .containsExactly(tuple("HOME", "/tmp"), tuple("TMPDIR", "/tmp"));
  }

  @Test
  void theImageIsPulledAsTheOperatorIsTold() {
    Rendered job = Rendered.of();
    Settings settings = new Settings(new Images("x", "Never"), Rendered.SETTINGS.reachability());
    assertThat(Rendering.trainer(job.job(), job.plan(), settings).getSpec().getTemplate().getSpec())
        .extracting(pod -> pod.getContainers().get(0).getImagePullPolicy())
        .isEqualTo("Never");
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void asksForOneCpuAndLimitsNothing(Role role) {
    Container container = Rendered.of().container(role);
    assertThat(container.getResources().getRequests())
        .containsOnlyKeys("cpu", "memory")
        .containsEntry("cpu", new Quantity("1"));
    assertThat(container.getResources().getLimits()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void imageAndResourcesAreTheUsersWhole(Role role) {
    Container container =
        asked(role, "{image: mine, resources: {limits: {nvidia.com/gpu: \"1\"}}}").container(role);
    assertThat(container.getImage()).isEqualTo("mine");
    assertThat(container.getResources().getRequests()).isEmpty();
    assertThat(container.getResources().getLimits())
        .isEqualTo(Map.of("nvidia.com/gpu", new Quantity("1")));
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void noResourcesMayBeAskedFor(Role role) {
    Container container = asked(role, "{resources: {}}").container(role);
    assertThat(container.getResources().getRequests()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void theUsersVariableWins(Role role) {
    Container container =
        asked(role, "{env: [{name: A, value: b}, {name: TMPDIR, value: /scratch}]}")
            .container(role);
    assertThat(container.getEnv())
        .filteredOn(variable -> variable.getValueFrom() == null)
        .extracting(EnvVar::getName, EnvVar::getValue)
        .containsExactly(tuple("HOME", "/tmp"), tuple("TMPDIR", "/scratch"), tuple("A", "b"));
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void ourLabelsAndAnnotationsWin(Role role) {
    PodTemplateSpec pod =
        asked(
                role,
                "{labels: {team: a, alambic.dev/job: other},"
                    + " annotations: {note: b, alambic.dev/job-name: other}}")
            .pod(role);
    assertThat(pod.getMetadata().getLabels())
        .containsEntry("team", "a")
        .containsAllEntriesOf(Labels.of(Names.of("quickstart"), role));
    assertThat(pod.getMetadata().getAnnotations())
        .isEqualTo(Map.of("note", "b", "alambic.dev/job-name", "quickstart"));
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void volumesAndMountsAreAddedAndOursWin(Role role) {
    PodSpec plain = Rendered.of().pod(role).getSpec();
    PodSpec pod =
        asked(
                role,
                """
                {volumes: [{name: shm, emptyDir: {medium: Memory}}, {name: tmp, hostPath: {path: /}}],
                 volumeMounts: [{name: shm, mountPath: /dev/shm}, {name: shm, mountPath: /tmp}]}
                """)
            .pod(role)
            .getSpec();
    assertThat(pod.getVolumes())
        .startsWith(plain.getVolumes().toArray(Volume[]::new))
        .hasSize(plain.getVolumes().size() + 1)
        .last()
        .satisfies(volume -> assertThat(volume.getName()).isEqualTo("shm"));
    assertThat(pod.getContainers().get(0).getVolumeMounts())
        .startsWith(plain.getContainers().get(0).getVolumeMounts().toArray(VolumeMount[]::new))
        .hasSize(plain.getContainers().get(0).getVolumeMounts().size() + 1)
        .last()
        .satisfies(mount -> assertThat(mount.getMountPath()).isEqualTo("/dev/shm"));
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void placementIsAsTheUserGivesIt(Role role) {
    PodSpec pod =
        asked(
                role,
                """
                {nodeSelector: {gpu: h100}, tolerations: [{key: gpu, operator: Exists}],
                 affinity: {podAntiAffinity: {}}, serviceAccountName: me, priorityClassName: batch,
                 runtimeClassName: nvidia, imagePullSecrets: [{name: registry}]}
                """)
            .pod(role)
            .getSpec();
    assertThat(pod.getNodeSelector()).isEqualTo(Map.of("gpu", "h100"));
    assertThat(pod.getTolerations())
        .singleElement()
        .satisfies(toleration -> assertThat(toleration.getKey()).isEqualTo("gpu"));
    assertThat(pod.getAffinity().getPodAntiAffinity()).isNotNull();
    assertThat(pod.getServiceAccountName()).isEqualTo("me");
    assertThat(pod.getPriorityClassName()).isEqualTo("batch");
    assertThat(pod.getRuntimeClassName()).isEqualTo("nvidia");
    assertThat(pod.getImagePullSecrets())
        .singleElement()
        .satisfies(secret -> assertThat(secret.getName()).isEqualTo("registry"));
  }

  @Test
  void whatIsAskedOfOneRoleIsNotDoneToTheOther() {
    Rendered job = asked(Role.Teacher, "{image: mine, nodeSelector: {gpu: h100}}");
    assertThat(job.container(Role.Trainer).getImage()).isEqualTo("registry.example.com/alambic:1");
    assertThat(job.pod(Role.Trainer).getSpec().getNodeSelector()).isNullOrEmpty();
  }

  private static Rendered asked(Role role, String pod) {
    // What fills the signal cache is a teacher.
    String field = (role == Role.Fill ? Role.Teacher : role).component();
    return Rendered.of("{%s: {pod: %s}}".formatted(field, pod));
  }
}
