package dev.alambic.operator.observe;

import dev.alambic.operator.lifecycle.Problem;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A pod whose end cannot be confirmed: its node, kubelet or network is gone. Kubernetes neither
 * ends nor replaces it then, because it may run on and write where another would.
 *
 * <p>It shows in the pod alone. When a node has been silent for its grace period (50 s), the node
 * lifecycle controller turns the pod's condition Ready to False and leaves all else as the kubelet
 * last wrote it, without a reason (MarkPodsNotReady in kubernetes/pkg/controller/util/node); a
 * kubelet gives one. Older ones set reason NodeLost, or phase Unknown. After five more minutes the
 * pod is asked to go, and its time to do so passes.
 */
final class LostPod {
  private static final String UNREACHABLE = "NodeLost";

  /** A kubelet takes some seconds to report an end. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private LostPod() {}

  /** The problem, of a pod whose node is already known not to answer. */
  static Optional<Problem> now(Pod pod) {
    return Pods.alive(pod) && silent(pod)
        ? Optional.of(
            Problem.of(Problem.NODE_LOST, named(pod) + ": the node does not answer" + todo(pod)))
        : Optional.empty();
  }

  /** The problem that a pod which was asked to go will be if it is still there after its time. */
  static Optional<Problem> later(Pod pod) {
    if (!Pods.alive(pod) || !Pods.terminating(pod)) {
      return Optional.empty();
    }
    String until = pod.getMetadata().getDeletionTimestamp();
    String words = ": it had until %s to end, and its end is not confirmed".formatted(until);
    return Optional.of(
        Problem.of(Problem.NODE_LOST, named(pod) + words + todo(pod))
            .from(Instant.parse(until).plus(PATIENCE)));
  }

  private static boolean silent(Pod pod) {
    return "Unknown".equals(Pods.phase(pod))
        || (pod.getStatus() != null && UNREACHABLE.equals(pod.getStatus().getReason()))
        || (condition(pod, "Ready").filter(LostPod::isMarked).isPresent()
            && condition(pod, "ContainersReady").filter(LostPod::isFalse).isEmpty());
  }

  private static boolean isMarked(PodCondition ready) {
    return "Unknown".equals(ready.getStatus())
        || (isFalse(ready) && (ready.getReason() == null || ready.getReason().isEmpty()));
  }

  private static boolean isFalse(PodCondition condition) {
    return "False".equals(condition.getStatus());
  }

  private static Optional<PodCondition> condition(Pod pod, String type) {
    return pod.getStatus() == null
        ? Optional.empty()
        : pod.getStatus().getConditions().stream()
            .filter(condition -> type.equals(condition.getType()))
            .findFirst();
  }

  private static String named(Pod pod) {
    String name = "pod " + pod.getMetadata().getName();
    return node(pod) == null ? name : name + " on node " + node(pod);
  }

  private static String node(Pod pod) {
    return pod.getSpec() == null ? null : pod.getSpec().getNodeName();
  }

  private static String todo(Pod pod) {
    return "; as it may run on, no other takes its place. If the node is off for good, delete it,"
        + " or: kubectl taint node "
        + (node(pod) == null ? "NODE" : node(pod))
        + " node.kubernetes.io/out-of-service=nodeshutdown:NoExecute";
  }
}
