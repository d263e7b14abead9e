package dev.alambic.operator.controller;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.api.v1alpha1.PodOverrides;
import dev.alambic.operator.plan.Device;
import dev.alambic.operator.plan.Facts;
import dev.alambic.operator.plan.FinishRequest;
import dev.alambic.operator.plan.Gpus;
import dev.alambic.operator.plan.PlanResult;
import dev.alambic.operator.plan.Planner;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.operator.render.Storage;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The plan of a job in a cluster, by what its pods ask for. */
final class JobPlan {
  private JobPlan() {}

  /** The plan, or why there is none. */
  static PlanResult of(DistillationJob job) {
    List<String> unmounted = Storage.problems(job);
    PlanResult result =
        Planner.tryPlan(job.getMetadata().getName(), job.getSpec(), Facts.of(device(job)))
            .withFinish(FinishRequest.isIn(job.getMetadata()));
    if (unmounted.isEmpty()) {
      return result;
    }
    List<String> problems = new ArrayList<>(unmounted);
    if (result instanceof PlanResult.Refused refused) {
      problems.addAll(refused.problems());
    }
    return new PlanResult.Refused(List.copyOf(problems));
  }

  /** The plan itself; null if there is none. */
  static RunPlan orNull(PlanResult result) {
    return result instanceof PlanResult.Planned planned ? planned.plan() : null;
  }

  /** What the trainer pods compute on: a GPU if they ask for one, of any maker. */
  static Device device(DistillationJob job) {
    PodOverrides pod = job.getSpec().trainer() == null ? null : job.getSpec().trainer().pod();
    if (pod == null || pod.resources() == null) {
      return Device.cpu(1);
    }
    Map<String, Quantity> limits = pod.resources().getLimits();
    Map<String, Quantity> requests = pod.resources().getRequests();
    int cpus = cpus(limits == null || limits.get("cpu") == null ? requests : limits);
    Quantity memory = limits == null ? null : limits.get("memory");
    if (Gpus.ofPod(pod) > 0) {
      return Device.unknownGpu(cpus);
    }
    return new Device(false, memory == null ? null : memory.getNumericalAmount().longValue(), cpus);
  }

  private static int cpus(Map<String, Quantity> resources) {
    Quantity cpu = resources == null ? null : resources.get("cpu");
    return cpu == null ? 1 : Math.max(1, cpu.getNumericalAmount().intValue());
  }
}
