package dev.alambic.operator.render;

import dev.alambic.api.v1alpha1.DistillationJob;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;

/** What all children of a job have in common. */
final class Child {
  private Child() {}

  /** Metadata of a child that goes when its job goes. */
  static ObjectMeta metadata(DistillationJob job, String name, Role role) {
    return unowned(job, name, role).edit().withOwnerReferences(owner(job)).build();
  }

  /** Metadata of a child that outlives its job. */
  static ObjectMeta unowned(DistillationJob job, String name, Role role) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(job.getMetadata().getNamespace())
        .withLabels(Labels.of(names(job), role))
        .addToAnnotations(Labels.JOB_NAME, job.getMetadata().getName())
        .build();
  }

  static Names names(DistillationJob job) {
    return Names.of(job.getMetadata().getName());
  }

  private static OwnerReference owner(DistillationJob job) {
    return new OwnerReferenceBuilder()
        .withApiVersion(job.getApiVersion())
        .withKind(job.getKind())
        .withName(job.getMetadata().getName())
        .withUid(job.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .build();
  }
}
