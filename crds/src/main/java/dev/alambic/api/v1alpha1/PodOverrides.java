package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
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
                + " Pod. Default: none; without a GPU it runs on the CPU.")
        ResourceRequirements resources,
    @JsonPropertyDescription("Labels a node must have, as in a Pod. Default: none.") @Size(max = 64)
        Map<String, String> nodeSelector,
    @JsonPropertyDescription("Taints the pods tolerate, as in a Pod. Default: none.")
        @Size(max = 64)
        List<Toleration> tolerations,
    @JsonPropertyDescription("Placement by nodes and other pods, as in a Pod. Default: none.")
        Affinity affinity,
    @JsonPropertyDescription(
            "Environment variables added to the container's, as in a Pod. Default: none.")
        @Size(max = 128)
        List<EnvVar> env,
    @JsonPropertyDescription("Volumes added to the pod's, as in a Pod. Default: none.")
        @Size(max = 64)
        List<Volume> volumes,
    @JsonPropertyDescription("Mounts added to the container's, as in a Pod. Default: none.")
        @Size(max = 64)
        List<VolumeMount> volumeMounts,
    @JsonPropertyDescription(
            "Labels added to the pods; those that Alambic selects by win. Default: none.")
        @Size(max = 64)
        Map<String, String> labels,
    @JsonPropertyDescription("Annotations added to the pods. Default: none.") @Size(max = 64)
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
        List<LocalObjectReference> imagePullSecrets) {}
