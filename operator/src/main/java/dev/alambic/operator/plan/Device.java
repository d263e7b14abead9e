package dev.alambic.operator.plan;

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
}
