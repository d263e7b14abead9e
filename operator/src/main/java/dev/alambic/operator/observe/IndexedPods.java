package dev.alambic.operator.observe;

import dev.alambic.failure.Blame;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The pods of an indexed Job: each index has one after another.
 *
 * @param count of the indexes
 * @param all pods that are there, of all attempts
 */
record IndexedPods(int count, List<Pod> all) {
  /** Where Kubernetes writes a pod's index. */
  private static final String INDEX = "batch.kubernetes.io/job-completion-index";

  /** The index of a pod; 0 of one that has none. */
  static int index(Pod pod) {
    Map<String, String> annotations = pod.getMetadata().getAnnotations();
    return annotations == null ? 0 : Integer.parseInt(annotations.getOrDefault(INDEX, "0"));
  }

  /** The newest pod of this index. */
  Optional<Pod> present(int index) {
    return Pods.newest(all.stream().filter(pod -> index(pod) == index).toList());
  }

  /** Whether the work of each index is done, by whichever of its pods. */
  boolean done() {
    return countDone() == count;
  }

  /** Indexes whose work is done. */
  int countDone() {
    return (int)
        IntStream.range(0, count)
            .filter(
                index -> all.stream().anyMatch(pod -> index(pod) == index && Pods.succeeded(pod)))
            .count();
  }

  /** The newest pod of each index that has one, in their order. */
  List<Pod> present() {
    return IntStream.range(0, count).mapToObj(this::present).flatMap(Optional::stream).toList();
  }

  /**
   * The pod whose failure ended the last attempt: of those that failed together, the root cause.
   */
  Optional<Pod> cause() {
    return lastFailed().stream()
        .min(
            Comparator.comparing(IndexedPods::blame)
                .thenComparing(Pods::ended)
                .thenComparing(IndexedPods::index));
  }

  /** Of each index the newest pod that failed, unless that was before the last attempt. */
  private List<Pod> lastFailed() {
    List<Pod> failed =
        IntStream.range(0, count)
            .mapToObj(
                index ->
                    Pods.newest(
                        all.stream()
                            .filter(pod -> index(pod) == index && Pods.failed(pod))
                            .toList()))
            .flatMap(Optional::stream)
            .toList();
    Instant started =
        failed.stream().map(Pods::created).max(Comparator.naturalOrder()).orElse(Instant.EPOCH);
    return failed.stream()
        .filter(pod -> Pods.end(pod).isEmpty() || !Pods.ended(pod).isBefore(started))
        .toList();
  }

  private static Blame blame(Pod pod) {
    return Blame.of(Pods.end(pod).map(ContainerStateTerminated::getExitCode).orElse(null));
  }
}
