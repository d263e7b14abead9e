package dev.alambic.operator.observe;

import dev.alambic.failure.BoundedText;
import dev.alambic.run.Progress;
import dev.alambic.run.RunJson;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.Optional;

/** The last words of a container: what it left as its termination message, or how it ended. */
final class TerminationMessage {
  private static final String ERROR = "error: ";
  private static final int LONGEST_BYTES = 600;

  private TerminationMessage() {}

  /** The progress that a trainer left; empty if it left none. */
  static Optional<Progress> progress(ContainerStateTerminated end) {
    String message = end.getMessage();
    if (message == null || !message.startsWith("{")) {
      return Optional.empty();
    }
    try {
      return Optional.of(RunJson.read(message, Progress.class));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // another image's message: shown as text
    }
  }

  /** Why the container ended, in one line that names the pod. */
  static String of(Pod pod, ContainerStateTerminated end) {
    return "pod " + pod.getMetadata().getName() + " " + reason(pod, end);
  }

  private static String reason(Pod pod, ContainerStateTerminated end) {
    if ("OOMKilled".equals(end.getReason())) {
      return "was OOM-killed: it needs more memory than " + memoryLimit(pod);
    }
    String how = "ended with exit code " + end.getExitCode();
    return text(end).map(words -> how + ": " + words).orElse(how);
  }

  private static Optional<String> text(ContainerStateTerminated end) {
    Optional<Progress> progress = progress(end);
    if (progress.isPresent()) {
      return progress.map(said -> said.stage().message());
    }
    String message = end.getMessage();
    return message == null || message.isBlank()
        ? Optional.empty()
        : Optional.of(BoundedText.cut(lastLine(message), LONGEST_BYTES));
  }

  /** The last line with an error, else the last line that is not blank. */
  private static String lastLine(String log) {
    return log.lines()
        .filter(line -> line.startsWith(ERROR))
        .reduce((first, second) -> second)
        .map(line -> line.substring(ERROR.length()))
        .or(() -> log.lines().filter(line -> !line.isBlank()).reduce((first, second) -> second))
        .orElse("")
        .strip();
  }

  private static String memoryLimit(Pod pod) {
    return Pods.specification(pod)
        .map(Container::getResources)
        .map(ResourceRequirements::getLimits)
        .map(limits -> limits.get("memory"))
        .map(limit -> "its limit of " + limit)
        .orElse("the node has");
  }
}
