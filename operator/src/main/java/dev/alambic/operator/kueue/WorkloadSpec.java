package dev.alambic.operator.kueue;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.List;

/**
 * What quota is asked for.
 *
 * @param podSets cannot change once quota is reserved
 * @param queueName a LocalQueue of the namespace
 * @param priorityClassRef null for none
 * @param priority the class's value; must be there where a class is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record WorkloadSpec(
    List<PodSet> podSets, String queueName, PriorityClassRef priorityClassRef, Integer priority) {

  /** Pods that are alike. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record PodSet(String name, int count, PodTemplateSpec template) {}

  /** Whose value the priority is: of Kueue's own classes, or of Kubernetes' classes of pods. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record PriorityClassRef(String group, String kind, String name) {

    /** A class that orders workloads, and not their pods. */
    public static PriorityClassRef ofWorkloads(String name) {
      return new PriorityClassRef(Workload.GROUP, "WorkloadPriorityClass", name);
    }

    /** The class of the workload's pods. */
    public static PriorityClassRef ofPods(String name) {
      return new PriorityClassRef("scheduling.k8s.io", "PriorityClass", name);
    }
  }
}
