package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
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
    String image,
    ResourceRequirements resources,
    Map<String, String> nodeSelector,
    List<Toleration> tolerations,
    Affinity affinity,
    List<EnvVar> env,
    List<Volume> volumes,
    List<VolumeMount> volumeMounts,
    Map<String, String> labels,
    Map<String, String> annotations,
    String serviceAccountName,
    String priorityClassName,
    String runtimeClassName,
    List<LocalObjectReference> imagePullSecrets) {}
