package dev.alambic.operator.controller;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.operator.kueue.Workload;
import dev.alambic.operator.observe.ChildObjects;
import dev.alambic.operator.observe.IndexedJob;
import dev.alambic.operator.render.Labels;
import dev.alambic.operator.render.Names;
import dev.alambic.operator.render.Role;
import dev.alambic.operator.render.Storage;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.List;
import java.util.Optional;

/** The children of one job, as the informers know them. */
final class ChildCache {
  /** Every kind of child. */
  static final List<Class<? extends HasMetadata>> KINDS =
      List.of(
          Deployment.class,
          Job.class,
          Pod.class,
          PersistentVolumeClaim.class,
          ConfigMap.class,
          Service.class,
          NetworkPolicy.class,
          PodDisruptionBudget.class);

  private final DistillationJob job;
  private final Context<DistillationJob> context;
  private final ChildObjects seen;

  ChildCache(DistillationJob job, Context<DistillationJob> context) {
    this.job = job;
    this.context = context;
    Names names = Names.of(job.getMetadata().getName());
    this.seen =
        new ChildObjects(
            find(Deployment.class, names.teacher()).orElse(null),
            pods(Role.Teacher),
            indexed(names.trainer(), Role.Trainer),
            indexed(names.fill(), Role.Fill),
            find(PersistentVolumeClaim.class, Storage.claimName(job)).orElse(null));
  }

  /** The objects that show the job's state, read once: deciding and acting use the same. */
  ChildObjects seen() {
    return seen;
  }

  /**
   * What was asked for of Kueue, if anything. Only where Kueue's kinds are watched. That of a job
   * of the same name that was deleted is not this one's.
   */
  Optional<Workload> workload() {
    return find(Workload.class, Names.of(job.getMetadata().getName()).workload())
        .filter(
            workload ->
                workload.getMetadata().getOwnerReferences().stream()
                    .anyMatch(owner -> owner.getUid().equals(job.getMetadata().getUid())));
  }

  /** The object of this kind and name, if it is there. */
  Optional<? extends HasMetadata> find(HasMetadata desired) {
    return find(desired.getClass(), desired.getMetadata().getName());
  }

  private <T extends HasMetadata> Optional<T> find(Class<T> kind, String name) {
    return context
        .getSecondaryResourcesAsStream(kind)
        .filter(object -> name.equals(object.getMetadata().getName()))
        .findFirst();
  }

  private IndexedJob indexed(String name, Role role) {
    return new IndexedJob(find(Job.class, name).orElse(null), pods(role));
  }

  private List<Pod> pods(Role role) {
    return context
        .getSecondaryResourcesAsStream(Pod.class)
        .filter(pod -> role.component().equals(pod.getMetadata().getLabels().get(Labels.COMPONENT)))
        .toList();
  }
}
