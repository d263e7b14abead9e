package dev.alambic.operator.render;

import dev.alambic.api.v1alpha1.PodOverrides;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;

/** What a pod asks of its node. */
final class PodRequests {
  /** JVM, libraries and buffers of the network. */
  private static final long PROCESS_BYTES = Bytes.GI;

  private PodRequests() {}

  /**
   * What the user says, whole. Where the user says nothing it is a run on a CPU: one CPU, and the
   * memory that is estimated; no limits, since an estimate must not kill a run. {@code resources:
   * {}} asks for nothing.
   *
   * @param bytes what model and training are estimated to take
   */
  static ResourceRequirements of(PodOverrides asked, long bytes) {
    if (asked.resources() != null) {
      return asked.resources();
    }
    return new ResourceRequirementsBuilder()
        .addToRequests("cpu", new Quantity("1"))
        .addToRequests("memory", Bytes.roundedUp(PROCESS_BYTES + bytes, Bytes.MI))
        .build();
  }
}
