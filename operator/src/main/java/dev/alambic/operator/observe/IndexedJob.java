package dev.alambic.operator.observe;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Objects;

/**
 * An indexed Job, and the pods of its role.
 *
 * @param job null if there is none
 * @param pods perhaps also of a Job of the same name that was deleted since
 */
public record IndexedJob(Job job, List<Pod> pods) {
  /** Neither Job nor pods. */
  public static IndexedJob absent() {
    return new IndexedJob(null, List.of());
  }

  /** Its own pods, and all that still run; one of each index, or as many as the Job asks for. */
  IndexedPods byIndex() {
    return new IndexedPods(
        completions(), pods.stream().filter(pod -> Pods.alive(pod) || isOwn(pod)).toList());
  }

  /** Pods that must be done; 1 where there is no Job. */
  int completions() {
    return job == null ? 1 : Objects.requireNonNullElse(job.getSpec().getCompletions(), 1);
  }

  /** Not what a Job of the same name left, which was deleted since. */
  private boolean isOwn(Pod pod) {
    return job == null
        || pod.getMetadata().getOwnerReferences().stream()
            .filter(owner -> Boolean.TRUE.equals(owner.getController()))
            .allMatch(owner -> owner.getUid().equals(job.getMetadata().getUid()));
  }
}
