package dev.alambic.operator.observe;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.stream.Stream;

/** Whether a pod of a job cannot start for want of a Secret. */
public final class MissingSecret {
  /** A kubelet's message about a container whose environment it cannot put together. */
  private static final String REASON = "CreateContainerConfigError";

  private MissingSecret() {}

  /**
   * Whether one of the teacher's or trainer's pods waits for it.
   *
   * @param secret its name
   */
  public static boolean holdsUp(ChildObjects seen, String secret) {
    return Stream.concat(seen.teacherPods().stream(), seen.trainer().pods().stream())
        .anyMatch(pod -> waitsFor(pod, "secret \"" + secret + "\" not found"));
  }

  private static boolean waitsFor(Pod pod, String words) {
    return Pods.container(pod)
        .map(ContainerStatus::getState)
        .map(ContainerState::getWaiting)
        .filter(waiting -> REASON.equals(waiting.getReason()))
        .map(ContainerStateWaiting::getMessage)
        .filter(message -> message.contains(words))
        .isPresent();
  }
}
