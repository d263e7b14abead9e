package dev.alambic.operator.observe;

import dev.alambic.operator.lifecycle.ObservedState;
import dev.alambic.operator.lifecycle.Problem;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The teacher, by its Deployment and pods. */
final class TeacherObservation {
  private TeacherObservation() {}

  /**
   * What is there.
   *
   * @param endpoint where its replicas answer
   */
  static ObservedState.Teacher of(ChildObjects seen, String endpoint, Warnings warnings) {
    Deployment deployment = seen.teacher();
    if (deployment == null) {
      return new ObservedState.Teacher(0, 0, null, null);
    }
    List<Pod> pods = seen.teacherPods().stream().filter(Pods::alive).toList();
    int ready = (int) pods.stream().filter(Pods::ready).count();
    Problem problem =
        first(pods, pod -> PodProblem.of(pod, warnings))
            .or(() -> refused(deployment))
            .or(() -> first(pods, LostPod::now))
            .or(() -> first(pods, LostPod::later))
            .orElse(null);
    return new ObservedState.Teacher(
        Math.max(pods.size(), wanted(deployment)), ready, problem, ready > 0 ? endpoint : null);
  }

  private static Optional<Problem> first(List<Pod> pods, Function<Pod, Optional<Problem>> problem) {
    return pods.stream().flatMap(pod -> problem.apply(pod).stream()).findFirst();
  }

  private static int wanted(Deployment deployment) {
    Integer replicas = deployment.getSpec().getReplicas();
    return replicas == null ? 1 : replicas;
  }

  /** A quota or an admission policy that lets no pod be made. */
  private static Optional<Problem> refused(Deployment deployment) {
    return deployment.getStatus() == null
        ? Optional.empty()
        : deployment.getStatus().getConditions().stream()
            .filter(c -> "ReplicaFailure".equals(c.getType()) && "True".equals(c.getStatus()))
            .findFirst()
            .map(
                c ->
                    Problem.of(
                        c.getReason(),
                        "deployment "
                            + deployment.getMetadata().getName()
                            + ": "
                            + c.getMessage()));
  }
}
