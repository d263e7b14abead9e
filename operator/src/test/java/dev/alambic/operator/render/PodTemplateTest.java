package dev.alambic.operator.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.alambic.operator.plan.ReservedNames;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

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
  void namesNoUserWhereTheClusterGivesOne(Role role) {
    PodSecurityContext context = template(role, new PodSecurity(false, true), null);
    assertThat(context)
        .isEqualTo(
            new PodSecurityContextBuilder()
                .withRunAsNonRoot(true)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .build());
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void usersAndGroupsAreWhollyTheUsersWhoSaysAnythingOfThem(Role role) {
    PodSecurityContext nothing = template(role, PodSecurity.USUAL, "{}");
    assertThat(nothing).isEqualTo(template(role, new PodSecurity(false, true), null));
    PodSecurityContext nfs = template(role, PodSecurity.USUAL, "{runAsUser: 5000, runAsGroup: 0}");
    assertThat(nfs.getRunAsUser()).isEqualTo(5000);
    assertThat(nfs.getRunAsGroup()).isZero();
    assertThat(nfs.getFsGroup()).isNull();
    assertThat(nfs.getFsGroupChangePolicy()).isNull();
    assertThat(nfs.getRunAsNonRoot()).isTrue();
    PodSecurityContext group =
        template(role, new PodSecurity(false, true), "{fsGroup: 7, supplementalGroups: [8]}");
    assertThat(group.getFsGroup()).isEqualTo(7);
    assertThat(group.getFsGroupChangePolicy()).isEqualTo("OnRootMismatch");
    assertThat(group.getSupplementalGroups()).containsExactly(8L);
    assertThat(template(role, PodSecurity.USUAL, "{runAsUser: 0}").getRunAsNonRoot())
        .as("the API server takes no root that is not")
        .isNull();
  }

  private static PodSecurityContext template(Role role, PodSecurity security, String said) {
    Rendered job =
        said == null ? Rendered.of() : asked(role, "{securityContext: %s}".formatted(said));
    Settings settings =
        new Settings(Rendered.SETTINGS.images(), Rendered.SETTINGS.reachability(), security);
    PodTemplate template = new PodTemplate(job.job(), role, settings);
    return template.of(new Container(), 30, "Never").getSpec().getSecurityContext();
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void rightsOfTheContainerAreLaidOverOurs(Role role) {
    SecurityContext context =
        asked(role, "{containerSecurityContext: {capabilities: {add: [IPC_LOCK]}}}")
            .container(role)
            .getSecurityContext();
    assertThat(context.getCapabilities().getAdd()).containsExactly("IPC_LOCK");
    assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(context.getAllowPrivilegeEscalation()).isFalse();
    assertThat(context.getReadOnlyRootFilesystem()).isTrue();
    SecurityContext privileged =
        asked(role, "{containerSecurityContext: {privileged: true, readOnlyRootFilesystem: false}}")
            .container(role)
            .getSecurityContext();
    assertThat(privileged.getAllowPrivilegeEscalation()).isNull();
    assertThat(privileged.getReadOnlyRootFilesystem()).isFalse();
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
        asked(role, "{image: mine, resources: {limits: {nvidia.com/gpu: \"1\", memory: 64Gi}}}")
            .container(role);
    assertThat(container.getImage()).isEqualTo("mine");
    assertThat(container.getResources().getRequests()).isEmpty();
    assertThat(container.getResources().getLimits())
        .isEqualTo(Map.of("nvidia.com/gpu", new Quantity("1"), "memory", new Quantity("64Gi")));
  }

  @Test
  void forGpusAloneTheHostsPartIsFilledInFromThePlan() {
    Rendered job = asked(Role.Trainer, "{resources: {limits: {nvidia.com/gpu: \"2\"}}}");
    ResourceRequirements resources = job.container(Role.Trainer).getResources();
    long host = (1L << 30) + job.plan().memory().host().total();
    assertThat(resources.getRequests())
        .isEqualTo(Map.of("cpu", new Quantity("2"), "memory", Bytes.roundedUp(2 * host, Bytes.MI)));
    assertThat(resources.getLimits()).isEqualTo(Map.of("nvidia.com/gpu", new Quantity("2")));
  }

  @ParameterizedTest
  @EnumSource(
      value = Role.class,
      names = {"Teacher", "Fill"})
  void aTeacherOnGpusReadsItsWeightsThroughTheHost(Role role) {
    Container container =
        asked(role, "{resources: {limits: {amd.com/gpu: \"1\"}}}").container(role);
    assertThat(container.getResources().getRequests())
        .isEqualTo(Map.of("cpu", new Quantity("1"), "memory", new Quantity("1Gi")));
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void claimedDevicesAreGpusWhereTheyAreCalledSo(Role role) {
    String claims =
        "{resourceClaims: [{name: %s, resourceClaimTemplateName: t}],"
            + " resources: {claims: [{name: %s}]}}";
    Rendered gpu = asked(role, claims.formatted("gpu", "gpu"));
    assertThat(gpu.pod(role).getSpec().getResourceClaims())
        .singleElement()
        .satisfies(claim -> assertThat(claim.getResourceClaimTemplateName()).isEqualTo("t"));
    assertThat(gpu.container(role).getResources().getClaims())
        .singleElement()
        .satisfies(claim -> assertThat(claim.getName()).isEqualTo("gpu"));
    assertThat(gpu.container(role).getResources().getRequests()).containsKeys("cpu", "memory");
    assertThat(
            asked(role, claims.formatted("nic", "nic"))
                .container(role)
                .getResources()
                .getRequests())
        .isEmpty();
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
  void labelsAndAnnotationsAreAdded(Role role) {
    PodTemplateSpec pod =
        asked(role, "{labels: {team: a, app.kubernetes.io/name: mine}, annotations: {note: b}}")
            .pod(role);
    assertThat(pod.getMetadata().getLabels())
        .containsEntry("team", "a")
        .containsEntry("app.kubernetes.io/name", "mine")
        .containsAllEntriesOf(Labels.selecting(Names.of("quickstart"), role));
    assertThat(pod.getMetadata().getAnnotations())
        .isEqualTo(Map.of("note", "b", "alambic.dev/job-name", "quickstart"));
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void theUsersVolumesAreMountedWhateverTheyAreCalled(Role role) {
    PodSpec plain = Rendered.of().pod(role).getSpec();
    for (Volume ours : plain.getVolumes()) {
      PodSpec pod =
          asked(
                  role,
                  "{volumes: [{name: %s, persistentVolumeClaim: {claimName: scratch}}],"
                          .formatted(ours.getName())
                      + " volumeMounts: [{name: %s, mountPath: /scratch}]}"
                          .formatted(ours.getName()))
              .pod(role)
              .getSpec();
      assertThat(source(pod, "/scratch").getPersistentVolumeClaim().getClaimName())
          .isEqualTo("scratch");
      assertThat(pod.getVolumes()).extracting(Volume::getName).doesNotHaveDuplicates();
      plain.getContainers().get(0).getVolumeMounts().stream()
          .map(VolumeMount::getMountPath)
          .forEach(
              path ->
                  assertThat(named(source(pod, path)))
                      .as("%s in spite of %s", path, ours.getName())
                      .isEqualTo(named(source(plain, path))));
    }
  }

  /** Whatever it is called. */
  private static Volume named(Volume volume) {
    return volume.toBuilder().withName("any").build();
  }

  private static Volume source(PodSpec pod, String path) {
    String name =
        pod.getContainers().get(0).getVolumeMounts().stream()
            .filter(mount -> mount.getMountPath().equals(path))
            .findFirst()
            .orElseThrow()
            .getName();
    return pod.getVolumes().stream()
        .filter(volume -> volume.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/tmp", "/tmp/", "//tmp/.", "tmp", "/var/../tmp"})
  void theUsersMountAtTmpTakesThePlaceOfOurs(String path) {
    for (Role role : Role.values()) {
      PodSpec pod =
          asked(
                  role,
                  "{volumes: [{name: disk, emptyDir: {}}], volumeMounts: [{name: disk, mountPath:"
                      + " %s}]}".formatted(path))
              .pod(role)
              .getSpec();
      assertThat(pod.getContainers().get(0).getVolumeMounts())
          .filteredOn(mount -> ReservedNames.normalized(mount.getMountPath()).equals("/tmp"))
          .extracting(VolumeMount::getName)
          .containsExactly("disk");
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void aMountBesideOursIsAdded(Role role) {
    PodSpec pod =
        asked(
                role,
                "{volumes: [{name: shm, emptyDir: {medium: Memory}}],"
                    + " volumeMounts: [{name: shm, mountPath: /dev/shm}]}")
            .pod(role)
            .getSpec();
    assertThat(source(pod, "/dev/shm").getEmptyDir().getMedium()).isEqualTo("Memory");
    assertThat(source(pod, "/tmp").getEmptyDir().getMedium()).isNull();
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void theRestOfAPodIsAsTheUserGivesIt(Role role) {
    PodSpec pod =
        asked(
                role,
                """
                {schedulerName: volcano, envFrom: [{secretRef: {name: hub}, prefix: H_}],
                 topologySpreadConstraints:
                 [{maxSkew: 1, topologyKey: rack, whenUnsatisfiable: DoNotSchedule},
                  {maxSkew: 2, topologyKey: zone, whenUnsatisfiable: DoNotSchedule,
                   labelSelector: {matchLabels: {a: b}}}]}
                """)
            .pod(role)
            .getSpec();
    assertThat(pod.getSchedulerName()).isEqualTo("volcano");
    assertThat(pod.getContainers().get(0).getEnvFrom())
        .singleElement()
        .satisfies(from -> assertThat(from.getSecretRef().getName()).isEqualTo("hub"));
    assertThat(pod.getTopologySpreadConstraints())
        .extracting(constraint -> constraint.getLabelSelector().getMatchLabels())
        .containsExactly(Labels.selector(Names.of("quickstart"), role), Map.of("a", "b"));
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void initContainersComeFirstAndHaveNoMoreRights(Role role) {
    PodSpec pod =
        asked(
                role,
                """
                {initContainers: [{name: warm, image: busybox, command: [sh]},
                 {name: mesh, image: proxy, restartPolicy: Always, securityContext:
                  {runAsUser: 1337, capabilities: {add: [NET_BIND_SERVICE]}}}]}
                """)
            .pod(role)
            .getSpec();
    assertThat(pod.getContainers()).hasSize(1);
    assertThat(pod.getInitContainers())
        .extracting(Container::getName)
        .containsExactly("warm", "mesh");
    assertThat(pod.getInitContainers())
        .allSatisfy(
            container -> {
              assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
              assertThat(container.getSecurityContext().getCapabilities().getDrop())
                  .containsExactly("ALL");
              assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isNull();
            });
    assertThat(pod.getInitContainers().get(1).getSecurityContext().getRunAsUser()).isEqualTo(1337);
    assertThat(pod.getInitContainers().get(1).getRestartPolicy()).isEqualTo("Always");
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
