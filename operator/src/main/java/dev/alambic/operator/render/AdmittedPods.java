package dev.alambic.operator.render;

import dev.alambic.operator.kueue.PodAdditions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Map;

/** Sends the pods of a child to where their quota is. */
public final class AdmittedPods {
  private AdmittedPods() {}

  /**
   * The child, its pods with what an admission adds. What the user or Alambic says gives way,
   * except for labels, by which Alambic selects.
   *
   * @param additions of each set of pods, by the name of their role
   */
  public static <T extends HasMetadata> T of(T child, Map<String, PodAdditions> additions) {
    PodAdditions own = additions.get(child.getMetadata().getLabels().get(Labels.COMPONENT));
    if (own != null && child instanceof Deployment deployment) {
      add(own, deployment.getSpec().getTemplate());
    } else if (own != null && child instanceof Job job) {
      add(own, job.getSpec().getTemplate());
    }
    return child;
  }

  private static void add(PodAdditions additions, PodTemplateSpec template) {
    PodSpec spec = template.getSpec();
    ObjectMeta metadata = template.getMetadata();
    spec.setNodeSelector(PodAdditions.both(spec.getNodeSelector(), additions.nodeSelector()));
    spec.setTolerations(PodAdditions.both(spec.getTolerations(), additions.tolerations()));
    metadata.setLabels(PodAdditions.both(additions.labels(), metadata.getLabels()));
    metadata.setAnnotations(PodAdditions.both(additions.annotations(), metadata.getAnnotations()));
  }
}
