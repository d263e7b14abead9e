package dev.alambic.operator.observe;

import dev.alambic.operator.render.Labels;
import dev.alambic.operator.render.Role;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one reads off a pod. Meshes and agents add containers of their own to it, and the kubelet
 * lists statuses by name: the container that does the pod's work is known by its name alone. A pod
 * of a Job is over for us when that one has ended, though others go on in it.
 */
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

  /** Whether any of its containers may still run. */
  static boolean alive(Pod pod) {
    return !"Succeeded".equals(phase(pod)) && !"Failed".equals(phase(pod));
  }

  /** Whether the work of a Job's pod is done, whatever became of other containers. */
  static boolean succeeded(Pod pod) {
    return ended(pod, true) || ("Succeeded".equals(phase(pod)) && !ended(pod, false));
  }

  /** Whether a Job's pod ended before its work was done. */
  static boolean failed(Pod pod) {
    return ended(pod, false) || ("Failed".equals(phase(pod)) && !ended(pod, true));
  }

  private static boolean ended(Pod pod, boolean well) {
    return finalEnd(pod).filter(end -> (end.getExitCode() == 0) == well).isPresent();
  }

  /** How its container ended, if it does not run again. */
  private static Optional<ContainerStateTerminated> finalEnd(Pod pod) {
    return container(pod).map(ContainerStatus::getState).map(ContainerState::getTerminated);
  }

  /**
   * Whether the container of a Job's pod has ended, and others continue. The kubelet reports the
   * container a moment before it reports the pod: one that has no other ends by itself.
   */
  static boolean lingers(Pod pod) {
    return alive(pod)
        && finalEnd(pod).isPresent()
        && pod.getStatus().getContainerStatuses().stream()
            .filter(status -> !isOwn(pod, status.getName()))
            .map(ContainerStatus::getState)
            .anyMatch(state -> state == null || state.getTerminated() == null);
  }

  /** Whether it runs, or has ended well. */
  static boolean runs(Pod pod) {
    if (succeeded(pod) || failed(pod)) {
      return succeeded(pod);
    }
    Optional<ContainerState> state = container(pod).map(ContainerStatus::getState);
    return state.map(ContainerState::getRunning).isPresent()
        || (state.map(ContainerState::getWaiting).isEmpty() && "Running".equals(phase(pod)));
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
        : pod.getStatus().getContainerStatuses().stream()
            .filter(status -> isOwn(pod, status.getName()))
            .findFirst();
  }

  /** What the one container that does the pod's work was made of. */
  static Optional<Container> specification(Pod pod) {
    return pod.getSpec() == null
        ? Optional.empty()
        : pod.getSpec().getContainers().stream()
            .filter(container -> isOwn(pod, container.getName()))
            .findFirst();
  }

  /** Whether the container of this name is that of the pod's role, which it is named after. */
  static boolean isOwn(Pod pod, String container) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    String role = labels == null ? null : labels.get(Labels.COMPONENT);
    return role == null
        ? Stream.of(Role.values()).anyMatch(any -> any.component().equals(container))
        : role.equals(container);
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
