package dev.alambic.operator.plan;

import dev.alambic.api.v1alpha1.PodOverrides;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/**
 * What a trainer computes on.
 *
 * @param gpu whether it has a GPU
 * @param memoryBytes memory for the training state, in bytes: the GPU's, or the process's on a CPU;
 *     null if not known
 * @param cpus CPUs that each process may use
 */
public record Device(boolean gpu, Long memoryBytes, int cpus) {

  /** A machine without a GPU and with memory enough. */
  public static Device cpu(int cpus) {
    return new Device(false, null, cpus);
  }

  /** One GPU with this much memory. */
  public static Device gpu(long memoryBytes, int cpus) {
    return new Device(true, memoryBytes, cpus);
  }

  /** One GPU of which nothing is known yet. */
  public static Device unknownGpu(int cpus) {
    return new Device(true, null, cpus);
  }

  /** The same, with {@code bytes} of the process's memory taken; a GPU's memory is separate. */
  Device without(long bytes) {
    return gpu || memoryBytes == null ? this : new Device(false, memoryBytes - bytes, cpus);
  }

  /**
   * What each process of pods with these settings computes on: a GPU if they ask for any, of any
   * maker; then a pod has a process for each, and they share its CPUs.
   */
  public static Device of(PodOverrides pod) {
    if (pod == null || pod.resources() == null) {
      return cpu(1);
    }
    Map<String, Quantity> limits = pod.resources().getLimits();
    Map<String, Quantity> requests = pod.resources().getRequests();
    int cpus = cpus(limits == null || limits.get("cpu") == null ? requests : limits);
    int gpus = Gpus.ofPod(pod);
    if (gpus > 0) {
      return unknownGpu(Math.max(1, cpus / gpus));
    }
    Quantity memory = limits == null ? null : limits.get("memory");
    return new Device(false, memory == null ? null : memory.getNumericalAmount().longValue(), cpus);
  }

  private static int cpus(Map<String, Quantity> resources) {
    Quantity cpu = resources == null ? null : resources.get("cpu");
    return cpu == null ? 1 : Math.max(1, cpu.getNumericalAmount().intValue());
  }
}
