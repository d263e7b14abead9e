package dev.alambic.operator.observe;

import dev.alambic.failure.ExitCode;
import dev.alambic.operator.lifecycle.Problem;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Why a pod does not run, if it is more than that it is starting. */
final class PodProblem {
  /** What a container passes through on its way up. */
  private static final Set<String> ON_THE_WAY = Set.of("ContainerCreating", "PodInitializing");

  private PodProblem() {}

  /**
   * The problem; empty if the pod runs or is on its way.
   *
   * @param warnings what the platform warned of, asked only if the pod has waited for a volume
   */
  static Optional<Problem> of(Pod pod, Warnings warnings) {
    if (Pods.terminating(pod) || pod.getStatus() == null) {
      return Optional.empty();
    }
    return LostPod.now(pod)
        .or(() -> unschedulable(pod))
        .or(() -> evicted(pod))
        .or(() -> ended(pod))
        .or(() -> waiting(pod, warnings));
  }

  private static Optional<Problem> unschedulable(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .filter(c -> "PodScheduled".equals(c.getType()) && "False".equals(c.getStatus()))
        .findFirst()
        .map(c -> Problem.of(c.getReason(), named(pod, c.getMessage())));
  }

  private static Optional<Problem> evicted(Pod pod) {
    return "Failed".equals(Pods.phase(pod)) && pod.getStatus().getReason() != null
        ? Optional.of(
            Problem.of(pod.getStatus().getReason(), named(pod, pod.getStatus().getMessage())))
        : Optional.empty();
  }

  /** A container that ended and is started again, unless it has come up since. */
  private static Optional<Problem> ended(Pod pod) {
    boolean running =
        Pods.container(pod)
            .map(ContainerStatus::getState)
            .map(ContainerState::getRunning)
            .isPresent();
    return running ? Optional.empty() : Pods.end(pod).map(end -> ofEnd(pod, end));
  }

  private static Problem ofEnd(Pod pod, ContainerStateTerminated end) {
    String reason =
        Pods.container(pod)
            .map(ContainerStatus::getState)
            .map(ContainerState::getWaiting)
            .map(ContainerStateWaiting::getReason)
            .orElse("OOMKilled".equals(end.getReason()) ? "OOMKilled" : "ContainerEnded");
    boolean retriable = ExitCode.of(end.getExitCode()).retriable();
    return retriable || end.getExitCode() == 0
        ? Problem.of(reason, TerminationMessage.of(pod, end))
        : Problem.fatal(reason, TerminationMessage.of(pod, end));
  }

  private static Optional<Problem> waiting(Pod pod, Warnings warnings) {
    List<ContainerStatus> waiting =
        Stream.concat(
                pod.getStatus().getInitContainerStatuses().stream(),
                pod.getStatus().getContainerStatuses().stream())
            .filter(status -> status.getState() != null && status.getState().getWaiting() != null)
            .toList();
    return waiting.stream()
        .filter(status -> !ON_THE_WAY.contains(status.getState().getWaiting().getReason()))
        .min(Comparator.comparing(status -> !Pods.isOwn(pod, status.getName())))
        .map(status -> held(pod, status))
        .or(
            () ->
                waiting.isEmpty()
                    ? Optional.empty()
                    : warnings
                        .latest(pod)
                        .map(words -> Problem.of("NotStarting", named(pod, words))));
  }

  /** Of containers that others added to the pod with their names. */
  private static Problem held(Pod pod, ContainerStatus status) {
    ContainerStateWaiting state = status.getState().getWaiting();
    String message = state.getMessage();
    String whose = Pods.isOwn(pod, status.getName()) ? null : "container " + status.getName();
    return Problem.of(
        state.getReason(),
        named(pod, whose == null ? message : message == null ? whose : whose + ": " + message));
  }

  private static String named(Pod pod, String message) {
    String name = "pod " + pod.getMetadata().getName();
    return message == null ? name : name + ": " + message;
  }
}
