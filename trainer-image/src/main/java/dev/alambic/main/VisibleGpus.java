package dev.alambic.main;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The GPUs of a pod, one for each of its trainers. */
final class VisibleGpus {
  /** What CUDA lets a process see; its numbers are those of the container. */
  static final String VARIABLE = "CUDA_VISIBLE_DEVICES";

  /** What NVIDIA's runtime gave the container; its numbers are those of the node. */
  private static final String GIVEN = "NVIDIA_VISIBLE_DEVICES";

  private VisibleGpus() {}

  /**
   * What each trainer of the pod sees, by its place in the pod: one entry of the pod's own list,
   * or, where there is none, the GPU with the number of its place.
   *
   * @throws RunException USAGE if the pod's own list is too short
   */
  static List<String> each(int count, Map<String, String> environment) {
    List<String> visible = list(environment.get(VARIABLE));
    if (!visible.isEmpty()) {
      if (visible.size() < count) {
        throw new RunException(
            ExitCode.USAGE,
            "%s: %s is fewer than the %d GPUs that trainers.perPod takes"
                .formatted(VARIABLE, environment.get(VARIABLE), count));
      }
      return visible.subList(0, count);
    }
    List<String> given = list(environment.get(GIVEN));
    return given.size() >= count && given.stream().allMatch(VisibleGpus::unique)
        ? given.subList(0, count)
        : IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }

  private static List<String> list(String value) {
    return value == null || value.isBlank()
        ? List.of()
        : Arrays.stream(value.split(",")).map(String::strip).toList();
  }

  /** Whether it means the same GPU, or part of one, within the container as on its node. */
  private static boolean unique(String id) {
    return id.startsWith("GPU-") || id.startsWith("MIG-");
  }
}
