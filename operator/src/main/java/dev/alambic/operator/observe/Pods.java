package dev.alambic.operator.observe;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What one reads off a pod. */
final class Pods {
  private static final Comparator<Pod> BY_AGE =
      Comparator.comparing(Pods::created).thenComparing(pod -> pod.getMetadata().getName());

  private Pods() {}

  static Instant created(Pod pod) {
    String time = pod.getMetadata().getCreationTimestamp();
    return time == null ? Instant.EPOCH : Instant.parse(time);
  }

  static Optional<Pod> newest(List<Pod> pods) {
    return pods.stream().max(BY_AGE);
  }

  static String phase(Pod pod) {
    PodStatus status = pod.getStatus();
    return status == null || status.getPhase() == null ? "Pending" : status.getPhase();
  }

  static boolean terminating(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() != null;
  }

  static boolean alive(Pod pod) {
    return !"Succeeded".equals(phase(pod)) && !failed(pod);
  }

  static boolean failed(Pod pod) {
    return "Failed".equals(phase(pod));
  }

  /** Whether it runs, or has ended well. */
  static boolean runs(Pod pod) {
    return "Running".equals(phase(pod)) || "Succeeded".equals(phase(pod));
  }

  /** When its container ended; when the pod was made, if that is not known. */
  static Instant ended(Pod pod) {
    return end(pod)
        .map(ContainerStateTerminated::getFinishedAt)
        .map(Instant::parse)
        .orElse(created(pod));
  }

  /** Whether it answers: its readiness probe says so, and it is not about to go. */
  static boolean ready(Pod pod) {
    return !terminating(pod) && condition(pod, "Ready");
  }

  private static boolean condition(Pod pod, String type) {
    return pod.getStatus() != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(c -> type.equals(c.getType()) && "True".equals(c.getStatus()));
  }

  /** The one container that does the pod's work. */
  static Optional<ContainerStatus> container(Pod pod) {
    return pod.getStatus() == null
        ? Optional.empty()
        : pod.getStatus().getContainerStatuses().stream().findFirst();
  }

  /** How its container ended, now or the last time. */
  static Optional<ContainerStateTerminated> end(Pod pod) {
    return container(pod)
        .flatMap(
            status ->
                Optional.ofNullable(status.getState())
                    .map(ContainerState::getTerminated)
                    .or(
                        () ->
                            Optional.ofNullable(status.getLastState())
                                .map(ContainerState::getTerminated)));
  }
}
