package dev.alambic.operator.render;

import dev.alambic.api.v1alpha1.PodOverrides;
import dev.alambic.operator.plan.MemoryEstimate;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;

/** What a pod asks of its node. */
final class PodRequests {
  private static final long MIB = 1L << 20;

  /** JVM, libraries and buffers of the network. */
  private static final long PROCESS_BYTES = 1024 * MIB;

  private PodRequests() {}

  /**
   * What the user says, whole. Where the user says nothing it is a run on a CPU: one CPU, and the
   * memory that the plan estimates; no limits, since an estimate must not kill a run.
   */
  static ResourceRequirements of(PodOverrides overrides, MemoryEstimate estimate) {
    if (overrides != null && overrides.resources() != null) {
      return overrides.resources();
    }
    long mebibytes = (PROCESS_BYTES + estimate.total() + MIB - 1) / MIB;
    return new ResourceRequirementsBuilder()
        .addToRequests("cpu", new Quantity("1"))
        .addToRequests("memory", new Quantity(mebibytes + "Mi"))
        .build();
  }
}
