package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodResourceClaim;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import java.util.Map;

/** What a user may set on the pods of one role. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PodOverrides(
    @JsonPropertyDescription("The container's image. Default: the operator's own for this role.")
        @Pattern(Patterns.IMAGE)
        @Size(min = 1, max = 1024)
        String image,
    @JsonPropertyDescription(
            "The container's command line, whole, as in a Pod; Alambic adds nothing to it but args."
                + " Default: Alambic's own for this role.")
        @Size(max = 64)
        List<@Size(max = 4096) String> command,
    @JsonPropertyDescription(
            "Arguments that follow the container's command line, such as --tensor-parallel-size 2"
                + " for vLLM. Default: none.")
        @Size(max = 128)
        List<@Size(max = 4096) String> args,
    @JsonPropertyDescription(
            "The container's requests and limits, such as limits: {nvidia.com/gpu: 1}, as in a"
                + " Pod. Where GPUs are asked for and neither CPU nor memory is, requests for these"
                + " two are filled in from the plan. claims names devices of resourceClaims; one"
                + " with gpu in its name or request counts as a GPU. Default: one CPU and the"
                + " memory that the plan estimates, no GPU, no limits.")
        ResourceRequirements resources,
    @JsonPropertyDescription("Labels a node must have, as in a Pod. Default: none.") @Size(max = 64)
        Map<String, String> nodeSelector,
    @JsonPropertyDescription("Taints the pods tolerate, as in a Pod. Default: none.")
        @Size(max = 64)
        List<Toleration> tolerations,
    @JsonPropertyDescription("Placement by nodes and other pods, as in a Pod. Default: none.")
        Affinity affinity,
    @JsonPropertyDescription(
            "Environment variables added to the container's, as in a Pod; one that Alambic sets"
                + " too is set as it stands here. Default: none.")
        @Size(max = 128)
        List<EnvVar> env,
    @JsonPropertyDescription(
            "Volumes added to the pod's, as in a Pod; any names will do. Default: none.")
        @Size(max = 64)
        List<Volume> volumes,
    @JsonPropertyDescription(
            "Mounts added to the container's, as in a Pod. One at /tmp or /dev/shm takes the place"
                + " of Alambic's; /alambic and what is below it is taken. Default: none.")
        @Size(max = 64)
        List<VolumeMount> volumeMounts,
    @JsonPropertyDescription(
            "Labels added to the pods. app.kubernetes.io/component, app.kubernetes.io/managed-by and"
                + " those of alambic.dev are Alambic's own. Default: none.")
        @Size(max = 64)
        Map<String, String> labels,
    @JsonPropertyDescription(
            "Annotations added to the pods. Those of alambic.dev are Alambic's own. Default: none.")
        @Size(max = 64)
        Map<String, String> annotations,
    @JsonPropertyDescription(
            "The pods' service account; its token is not mounted. Default: the namespace's"
                + " default.")
        @Pattern(Patterns.NAME)
        @Size(min = 1, max = 253)
        String serviceAccountName,
    @JsonPropertyDescription("The pods' priority class. Default: the cluster's default.")
        @Pattern(Patterns.NAME)
        @Size(min = 1, max = 253)
        String priorityClassName,
    @JsonPropertyDescription(
            "The pods' runtime class, such as nvidia. Default: the cluster's default.")
        @Pattern(Patterns.NAME)
        @Size(min = 1, max = 253)
        String runtimeClassName,
    @JsonPropertyDescription(
            "Secrets for pulling images, as in a Pod. Default: those of the service account.")
        @Size(max = 16)
        List<LocalObjectReference> imagePullSecrets,
    @JsonPropertyDescription(
            "Users, groups and profiles of the pods, as in a Pod. Where it is given, even empty,"
                + " runAsUser, runAsGroup, fsGroup and fsGroupChangePolicy are as it says and what"
                + " it leaves out the cluster chooses; runAsNonRoot true and seccompProfile"
                + " RuntimeDefault stay unless it says otherwise. What leaves the restricted Pod"
                + " Security profile is refused unless the operator's chart allows it. Default:"
                + " user, group and fsGroup 65532, or none of these where the chart has no fixed"
                + " user (OpenShift).")
        PodSecurityContext securityContext,
    @JsonPropertyDescription(
            "Rights of the container, as in a Pod, laid over Alambic's: no privilege escalation, a"
                + " read-only root, all capabilities dropped. What leaves the restricted Pod"
                + " Security profile, such as capabilities.add: [IPC_LOCK], is refused unless the"
                + " operator's chart allows it. Default: as Alambic has it.")
        SecurityContext containerSecurityContext,
    @JsonPropertyDescription("Who schedules the pods. Default: the cluster's default scheduler.")
        @Pattern(Patterns.NAME)
        @Size(min = 1, max = 253)
        String schedulerName,
    @JsonPropertyDescription(
            "ConfigMaps and Secrets whose entries become environment variables of the container, as"
                + " in a Pod; those of env and those that Alambic sets win. Default: none.")
        @Size(max = 64)
        List<EnvFromSource> envFrom,
    @JsonPropertyDescription(
            "Containers that end before the role's own starts or, with restartPolicy Always,"
                + " sidecars that run beside it, as in a Pod. They get no privilege escalation and"
                + " no capabilities, unless they say otherwise. Default: none.")
        @Size(max = 16)
        List<Container> initContainers,
    @JsonPropertyDescription(
            "How the pods spread over the cluster, as in a Pod; labelSelector is the role's own"
                + " pods where it is left out. Default: none.")
        @Size(max = 16)
        List<TopologySpreadConstraint> topologySpreadConstraints,
    @JsonPropertyDescription(
            "Devices that the pods claim (dynamic resource allocation), as in a Pod; the container"
                + " uses those that resources.claims names. Default: none.")
        @Size(max = 32)
        List<PodResourceClaim> resourceClaims) {
  /** Nothing is set. */
  public static final PodOverrides NOTHING =
      new PodOverrides(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null, null, null, null, null, null, null);
}
