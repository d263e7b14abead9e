package dev.alambic.operator.render;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.api.v1alpha1.DistillationJobSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.Map;
import java.util.Objects;

/**
 * A Job of pods that each know their index and all run at once. A pod is replaced only when it has
 * ended, so that two never write to one volume, and the Job never ends by time: deadlines and
 * deletion are the job's own affair.
 *
 * <p>Kubernetes waits longer after each failure, whether it counts or not. Where several pods fail
 * because one did, all of them would be reckoned together (kubernetes/kubernetes#130881): with a
 * limit for each index, each index waits for its own failures. That limit never decides, as the
 * common one, of the same size, is reached no later.
 */
final class IndexedJob {
  private IndexedJob() {}

  /**
   * The Job.
   *
   * @param order annotations: what it was started for
   * @param pods how many
   */
  static Job of(
      DistillationJob job,
      Role role,
      String name,
      Map<String, String> order,
      int pods,
      PodTemplateSpec template) {
    int limit =
        Objects.requireNonNullElse(
            job.getSpec().backoffLimit(), DistillationJobSpec.DEFAULT_BACKOFF_LIMIT);
    return new JobBuilder()
        .withMetadata(Child.metadata(job, name, role))
        .editMetadata()
        .addToAnnotations(order)
        .endMetadata()
        .withNewSpec()
        .withCompletionMode("Indexed")
        .withCompletions(pods)
        .withParallelism(pods)
        .withBackoffLimit(limit)
        .withBackoffLimitPerIndex(pods > 1 ? limit : null)
        .withPodReplacementPolicy("Failed")
        .withPodFailurePolicy(FailureRules.of(role))
        .withTemplate(template)
        .endSpec()
        .build();
  }
}
