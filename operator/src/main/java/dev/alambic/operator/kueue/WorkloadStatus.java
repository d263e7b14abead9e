package dev.alambic.operator.kueue;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;

/** What Kueue made of a request. Written by merge patch alone: what is not named here stays. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record WorkloadStatus(
    List<Condition> conditions, Admission admission, List<AdmissionCheck> admissionChecks) {

  /** The quota that is reserved. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Admission(String clusterQueue, List<PodSetAssignment> podSetAssignments) {}

  /**
   * Which flavors a set of pods got.
   *
   * @param flavors the ResourceFlavor of each resource
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record PodSetAssignment(String name, Map<String, String> flavors) {}

  /** What has to be ready beside the quota, such as nodes that are still to be made. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record AdmissionCheck(
      String name, String state, String message, List<PodSetUpdate> podSetUpdates) {}

  /** What a check wants on the pods. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record PodSetUpdate(
      String name,
      Map<String, String> labels,
      Map<String, String> annotations,
      Map<String, String> nodeSelector,
      List<Toleration> tolerations) {}
}
