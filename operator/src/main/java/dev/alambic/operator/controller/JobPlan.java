package dev.alambic.operator.controller;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.operator.plan.Device;
import dev.alambic.operator.plan.Facts;
import dev.alambic.operator.plan.FinishRequest;
import dev.alambic.operator.plan.PlanResult;
import dev.alambic.operator.plan.Planner;
import dev.alambic.operator.render.PodSecurity;
import dev.alambic.operator.render.RestrictedProfile;
import dev.alambic.operator.render.Storage;
import java.util.ArrayList;
import java.util.List;

/** The plan of a job in a cluster, by what its pods ask for. */
final class JobPlan {
  private JobPlan() {}

  /**
   * The plan, or why there is none.
   *
   * @param kueue whether quota can be asked for
   * @param security what the pods may ask for
   */
  static PlanResult of(DistillationJob job, boolean kueue, PodSecurity security) {
    List<String> ofCluster = new ArrayList<>(Storage.problems(job));
    if (security.restricted()) {
      ofCluster.addAll(RestrictedProfile.problems(job));
    }
    QueueCheck.problem(job, kueue).ifPresent(ofCluster::add);
    PlanResult result =
        Planner.tryPlan(
                job.getMetadata().getName(),
                job.getSpec(),
                Facts.of(device(job)).after(job.getStatus()))
            .withFinish(FinishRequest.isIn(job.getMetadata()));
    if (ofCluster.isEmpty()) {
      return result;
    }
    List<String> problems = new ArrayList<>(ofCluster);
    if (result instanceof PlanResult.Refused refused) {
      problems.addAll(refused.problems());
    }
    return new PlanResult.Refused(List.copyOf(problems));
  }

  /** What the trainer pods compute on. */
  static Device device(DistillationJob job) {
    return Device.of(job.getSpec().trainer() == null ? null : job.getSpec().trainer().pod());
  }
}
