package dev.alambic.operator.observe;

import dev.alambic.failure.ExitCode;
import dev.alambic.operator.render.Labels;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A Job whose work has ended, while containers that others added to its pods go on: a mesh's proxy,
 * an agent. Kubernetes waits for all of them, and then takes the pod for what the worst of them
 * ended with. So the work's own exit code is taken for the result, and written onto the Job before
 * its pods are deleted and it is suspended, so that no others come. A pod that is to be tried again
 * is deleted alone: its Job counts it by the exit code of the work's container, and makes the next.
 *
 * @param result the exit code that ends the Job's work, if it has ended and is not recorded yet
 * @param pods to delete then: those in which only other containers still run
 * @param suspend whether the Job is to make no more pods, as its work has ended
 */
public record Lingering(Optional<Integer> result, List<Pod> pods, boolean suspend) {
  private static final Lingering NONE = new Lingering(Optional.empty(), List.of(), false);

  /** What lingers of a Job. */
  public static Lingering of(IndexedJob seen) {
    Job job = seen.job();
    IndexedPods pods = seen.byIndex();
    List<Pod> lingering = pods.all().stream().filter(Lingering::goesOn).toList();
    if (job == null || job.getMetadata().getDeletionTimestamp() != null || isOver(job)) {
      return NONE;
    }
    boolean suspended = Boolean.TRUE.equals(job.getSpec().getSuspend());
    if (recorded(job).isPresent()) {
      return new Lingering(Optional.empty(), lingering, !suspended);
    }
    Optional<Integer> result = lingering.isEmpty() ? Optional.empty() : result(job, pods);
    return new Lingering(
        result, result.isPresent() ? lingering : failed(pods).toList(), result.isPresent());
  }

  /** The exit code that ends a Job's work: as recorded on it, or from its pods. */
  static Optional<Integer> result(Job job, IndexedPods pods) {
    return recorded(job)
        .or(() -> pods.done() ? Optional.of(0) : Optional.empty())
        .or(() -> failed(pods).map(Lingering::exitCode).filter(Lingering::isFinal).findFirst());
  }

  /** The exit code that was written onto the Job. */
  static Optional<Integer> recorded(Job job) {
    Map<String, String> annotations = job.getMetadata().getAnnotations();
    String code = annotations == null ? null : annotations.get(Labels.ENDED);
    return code == null || !code.matches("[0-9]{1,9}")
        ? Optional.empty()
        : Optional.of(Integer.valueOf(code));
  }

  private static Stream<Pod> failed(IndexedPods pods) {
    return pods.all().stream().filter(pod -> goesOn(pod) && Pods.failed(pod));
  }

  private static boolean goesOn(Pod pod) {
    return Pods.lingers(pod) && !Pods.terminating(pod);
  }

  private static int exitCode(Pod pod) {
    return Pods.end(pod).map(ContainerStateTerminated::getExitCode).orElseThrow();
  }

  private static boolean isFinal(int exitCode) {
    return !ExitCode.of(exitCode).retriable();
  }

  private static boolean isOver(Job job) {
    return job.getStatus() != null
        && job.getStatus().getConditions().stream()
            .anyMatch(
                condition ->
                    List.of("Complete", "Failed").contains(condition.getType())
                        && Objects.equals("True", condition.getStatus()));
  }
}
