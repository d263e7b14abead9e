package dev.alambic.operator.plan;

import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.api.v1alpha1.PodOverrides;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceClaim;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * GPUs that a job's pods ask for, of any maker.
 *
 * @param trainer over all trainer pods
 * @param teacher over all teacher pods
 */
public record Gpus(int trainer, int teacher) {
  private static final Pattern SHARE = Pattern.compile("mem|core|percent");

  /** What the spec's pods ask for; a teacher that exists already takes none of ours. */
  public static Gpus of(DistillationJobSpec spec) {
    int trainers = Trainers.of(spec).pods();
    int teachers = Objects.requireNonNullElse(spec.teacher().replicas(), 1);
    return new Gpus(
        trainers * ofPod(spec.trainer() == null ? null : spec.trainer().pod()),
        teachers * ofPod(spec.teacher().pod()));
  }

  /** All of them. */
  public int total() {
    return trainer + teacher;
  }

  /**
   * GPUs that one pod asks for: its limits or, where these have none, its requests, and the devices
   * that it claims and calls so.
   */
  public static int ofPod(PodOverrides pod) {
    return pod == null || pod.resources() == null
        ? 0
        : Stream.of(pod.resources().getLimits(), pod.resources().getRequests())
                .mapToInt(Gpus::count)
                .max()
                .orElse(0)
            + claimed(pod.resources().getClaims());
  }

  /** The class of a claimed device is in another object; here the name of the claim decides. */
  private static int claimed(List<ResourceClaim> claims) {
    return claims == null
        ? 0
        : (int)
            claims.stream()
                .filter(claim -> isGpu(claim.getName() + "/" + claim.getRequest()))
                .count();
  }

  private static int count(Map<String, Quantity> resources) {
    return resources == null
        ? 0
        : resources.entrySet().stream()
            .filter(resource -> isGpu(resource.getKey()))
            .mapToInt(resource -> resource.getValue().getNumericalAmount().intValue())
            .sum();
  }

  /**
   * A part of one that NVIDIA's MIG cuts off has a name of its own. Shares of a GPU's memory or
   * cores, which some device plugins sell beside the GPU, are none more.
   */
  private static boolean isGpu(String resource) {
    return (resource.contains("gpu") && !SHARE.matcher(resource).find())
        || resource.startsWith("nvidia.com/mig-");
  }
}
