package dev.alambic.operator.render;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.api.v1alpha1.PodOverrides;
import dev.alambic.operator.plan.ReservedNames;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A pod of one role, by the restricted Pod Security profile, with what the user asks for merged in.
 * What of it would clash with names that we are found by is refused before ({@code ReservedNames}).
 *
 * <pre>
 * image                 the user's in place of ours
 * resources             the user's in place of ours; for GPUs alone, CPU and memory are filled in
 * command               the user's in place of ours, with our arguments
 * args                  the user's after what is there
 * env                   both; the user's wins on the same name
 * labels, annotations   both; the user's win on the same key
 * volumes               both; ours give way on the same name, and are called something else
 * volumeMounts          both; the user's win on the same path
 * security contexts     {@link SecurityContexts}
 * all else              as the user gives it
 * </pre>
 */
final class PodTemplate {
  /** Variables by which libraries find a place for what they keep. */
  private static final List<String> WHERE_TO_WRITE = List.of("HOME", "TMPDIR");

  private final DistillationJob job;
  private final Role role;
  private final Settings settings;
  private final PodOverrides asked;

  PodTemplate(DistillationJob job, Role role, Settings settings) {
    this.job = job;
    this.role = role;
    this.settings = settings;
    PodOverrides overrides =
        role != Role.Trainer
            ? job.getSpec().teacher().pod()
            : job.getSpec().trainer() == null ? null : job.getSpec().trainer().pod();
    this.asked = Objects.requireNonNullElse(overrides, PodOverrides.NOTHING);
  }

  /**
   * The template.
   *
   * @param container with command, ports and probes; the rest is added here
   * @param grace seconds from SIGTERM to SIGKILL
   * @param restartPolicy of the pod
   */
  PodTemplateSpec of(Container container, long grace, String restartPolicy) {
    Map<String, String> labels = new TreeMap<>(Labels.of(Child.names(job), role));
    labels.putAll(orEmpty(asked.labels()));
    labels.putAll(Labels.selecting(Child.names(job), role));
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
    Volumes ours = new Volumes(job, role, names(asked.volumes()));
    return new PodSpecBuilder()
        .withInitContainers(
            orNone(asked.initContainers()).stream().map(SecurityContexts::completed).toList())
        .withContainers(complete(container, ours))
        .withVolumes(both(Volume::getName, ours.volumes(), asked.volumes()))
        .withRestartPolicy(restartPolicy)
        // Gives each pod of the Job a host name below the headless Service.
        .withSubdomain(role == Role.Trainer ? Child.names(job).trainer() : null)
        .withTerminationGracePeriodSeconds(grace)
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withSecurityContext(SecurityContexts.ofPod(asked, settings.podSecurity()))
        .withNodeSelector(asked.nodeSelector())
        .withTolerations(orNone(asked.tolerations()))
        .withAffinity(asked.affinity())
        .withServiceAccountName(asked.serviceAccountName())
        .withPriorityClassName(asked.priorityClassName())
        .withRuntimeClassName(asked.runtimeClassName())
        .withImagePullSecrets(orNone(asked.imagePullSecrets()))
        .withSchedulerName(asked.schedulerName())
        .withTopologySpreadConstraints(spread())
        .withResourceClaims(orNone(asked.resourceClaims()))
        .build();
  }

  /** Over the role's own pods, unless the user says which. */
  private List<TopologySpreadConstraint> spread() {
    return orNone(asked.topologySpreadConstraints()).stream()
        .map(
            constraint ->
                constraint.getLabelSelector() != null
                    ? constraint
                    : constraint.toBuilder()
                        .withNewLabelSelector()
                        .withMatchLabels(Labels.selector(Child.names(job), role))
                        .endLabelSelector()
                        .build())
        .toList();
  }

  private static Set<String> names(List<Volume> volumes) {
    return orNone(volumes).stream().map(Volume::getName).collect(Collectors.toSet());
  }

  private Container complete(Container container, Volumes ours) {
    return new ContainerBuilder(container)
        .withName(role.component())
        .withImage(Objects.requireNonNullElse(asked.image(), settings.images().runtime()))
        .withImagePullPolicy(settings.images().pullPolicy())
        .withEnv(env(container.getEnv()))
        .withEnvFrom(orNone(asked.envFrom()))
        .withCommand(asked.command() == null ? container.getCommand() : asked.command())
        .withArgs(arguments(container))
        .withVolumeMounts(
            both(
                mount -> ReservedNames.normalized(mount.getMountPath()),
                ours.mounts(),
                asked.volumeMounts()))
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withSecurityContext(SecurityContexts.ofContainer(asked))
        .build();
  }

  private List<String> arguments(Container container) {
    List<String> ours = asked.command() == null ? container.getArgs() : List.of();
    return Stream.concat(ours.stream(), orNone(asked.args()).stream()).toList();
  }

  /** Ours come first, so that the user's may refer to them. */
  private List<EnvVar> env(List<EnvVar> ofContainer) {
    Map<String, EnvVar> byName = new LinkedHashMap<>();
    for (String name : WHERE_TO_WRITE) {
      byName.put(name, new EnvVarBuilder().withName(name).withValue(Volumes.TMP_FOLDER).build());
    }
    ofContainer.forEach(variable -> byName.put(variable.getName(), variable));
    orNone(asked.env()).forEach(variable -> byName.put(variable.getName(), variable));
    return List.copyOf(byName.values());
  }

  /** Theirs take the place of ours of the same key; two of one key would be refused. */
  private static <T> List<T> both(
      Function<T, String> key, Collection<T> ours, Collection<T> theirs) {
    Set<String> taken = orNone(theirs).stream().map(key).collect(Collectors.toSet());
    return Stream.concat(
            ours.stream().filter(item -> !taken.contains(key.apply(item))), orNone(theirs).stream())
        .toList();
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
