package dev.alambic.operator.render;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.run.RunJson;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;

/** The run specification, mounted into teacher and trainer. */
final class RunSpecMap {
  private RunSpecMap() {}

  static ConfigMap of(DistillationJob job, RunPlan plan) {
    return new ConfigMapBuilder()
        .withMetadata(Child.metadata(job, Child.names(job).runSpec(), Role.Trainer))
        .addToData(Mount.SPEC_FILE, RunJson.write(plan.toRunSpec(Storage.placement(job))))
        .build();
  }
}
