package dev.alambic.operator.render;

import dev.alambic.api.v1alpha1.PodOverrides;
import dev.alambic.operator.plan.Gpus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.Map;
import java.util.Set;

/** What a pod asks of its node. */
final class PodRequests {
  /** JVM, libraries and buffers of the network. */
  private static final long PROCESS_BYTES = Bytes.GI;

  private static final Set<String> OF_THE_HOST = Set.of("cpu", "memory");

  private PodRequests() {}

  /**
   * What the user says. Where the user says nothing it is a run on a CPU: one CPU, and the memory
   * that is estimated; no limits, since an estimate must not kill a run. For GPUs alone a CPU and
   * the host's memory are asked for with each: with neither a pod is the first that a full node
   * evicts. {@code resources: {}} asks for nothing.
   *
   * @param bytes what model and training are estimated to take on a CPU
   * @param hostBytes what they are estimated to take of the host's memory beside a GPU
   */
  static ResourceRequirements of(PodOverrides asked, long bytes, long hostBytes) {
    ResourceRequirements said = asked.resources();
    if (said == null) {
      return requests(new ResourceRequirementsBuilder(), 1, bytes);
    }
    int gpus = Gpus.ofPod(asked);
    boolean alone = gpus > 0 && !names(said.getRequests()) && !names(said.getLimits());
    return alone ? requests(new ResourceRequirementsBuilder(said), gpus, hostBytes) : said;
  }

  private static boolean names(Map<String, Quantity> resources) {
    return resources != null && resources.keySet().stream().anyMatch(OF_THE_HOST::contains);
  }

  private static ResourceRequirements requests(
      ResourceRequirementsBuilder resources, int processes, long bytesOfEach) {
    return resources
        .addToRequests("cpu", new Quantity(Integer.toString(processes)))
        .addToRequests(
            "memory", Bytes.roundedUp(processes * (PROCESS_BYTES + bytesOfEach), Bytes.MI))
        .build();
  }
}
