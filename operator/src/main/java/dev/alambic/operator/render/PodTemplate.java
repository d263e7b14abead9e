package dev.alambic.operator.render;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.api.v1alpha1.PodOverrides;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A pod of one role, by the restricted Pod Security profile, with what the user asks for merged in:
 * image and resources replace ours; environment, volumes, mounts and annotations are added, and
 * labels too, except those that Alambic selects by; the rest is set as given.
 */
final class PodTemplate {
  private static final PodOverrides NOTHING_ASKED =
      new PodOverrides(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null);

  /** The images' user; volumes are made writable for this group. */
  private static final long USER = 65532;

  private final DistillationJob job;
  private final Role role;
  private final Settings settings;
  private final PodOverrides asked;

  PodTemplate(DistillationJob job, Role role, Settings settings) {
    this.job = job;
    this.role = role;
    this.settings = settings;
    PodOverrides overrides =
        role == Role.Teacher
            ? job.getSpec().teacher().pod()
            : job.getSpec().trainer() == null ? null : job.getSpec().trainer().pod();
    this.asked = Objects.requireNonNullElse(overrides, NOTHING_ASKED);
  }

  /**
   * The template.
   *
   * @param container with command, ports and probes; the rest is added here
   * @param grace seconds from SIGTERM to SIGKILL
   * @param restartPolicy of the pod
   */
  PodTemplateSpec of(Container container, long grace, String restartPolicy) {
    Map<String, String> labels = new TreeMap<>(orEmpty(asked.labels()));
    labels.putAll(Labels.of(Child.names(job), role));
    Map<String, String> annotations = new TreeMap<>(orEmpty(asked.annotations()));
    annotations.put(Labels.JOB_NAME, job.getMetadata().getName());
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(labels)
        .withAnnotations(annotations)
        .endMetadata()
        .withSpec(spec(container, grace, restartPolicy))
        .build();
  }

  private PodSpec spec(Container container, long grace, String restartPolicy) {
    Volumes ours = new Volumes(job, role);
    return new PodSpecBuilder()
        .withContainers(complete(container, ours))
        .withVolumes(volumes(ours))
        .withRestartPolicy(restartPolicy)
        .withTerminationGracePeriodSeconds(grace)
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(USER)
        .withRunAsGroup(USER)
        .withFsGroup(USER)
        .withFsGroupChangePolicy("OnRootMismatch")
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .withNodeSelector(asked.nodeSelector())
        .withTolerations(orNone(asked.tolerations()))
        .withAffinity(asked.affinity())
        .withServiceAccountName(asked.serviceAccountName())
        .withPriorityClassName(asked.priorityClassName())
        .withRuntimeClassName(asked.runtimeClassName())
        .withImagePullSecrets(orNone(asked.imagePullSecrets()))
        .build();
  }

  private Container complete(Container container, Volumes ours) {
    return new ContainerBuilder(container)
        .withName(role.component())
        .withImage(Objects.requireNonNullElse(asked.image(), settings.images().runtime()))
        .withImagePullPolicy(settings.images().pullPolicy())
        .withEnv(List.<EnvVar>copyOf(orNone(asked.env())))
        .withVolumeMounts(mounts(ours))
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .build();
  }

  private List<Volume> volumes(Volumes ours) {
    return join(ours.volumes(), asked.volumes());
  }

  private List<VolumeMount> mounts(Volumes ours) {
    return join(ours.mounts(), asked.volumeMounts());
  }

  private static <T> List<T> join(List<T> ours, Collection<T> theirs) {
    return Stream.concat(ours.stream(), orNone(theirs).stream()).toList();
  }

  private static <T> List<T> orNone(Collection<T> values) {
    return values == null ? List.of() : List.copyOf(values);
  }

  private static Map<String, String> orEmpty(Map<String, String> values) {
    return values == null ? Map.of() : values;
  }

  /** What the user asks for, or nothing. */
  PodOverrides asked() {
    return asked;
  }
}
