package dev.alambic.operator.render;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.operator.plan.PlanException;
import dev.alambic.operator.plan.Planner;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.operator.plan.Specs;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;

/** A job in a cluster, its plan, and the children that are made of them. */
record Rendered(DistillationJob job, RunPlan plan) {
  static final Settings SETTINGS =
      new Settings(
          new Images("registry.example.com/alambic:1", null),
          new Reachability("alambic-system", List.of("monitoring")));

  /** The smallest job that can run in a cluster, with this YAML laid over its spec. */
  static Rendered of(String... fields) {
    return named("quickstart", fields);
  }

  static Rendered named(String name, String... fields) {
    DistillationJob job = job(name, fields);
    try {
      return new Rendered(job, Planner.plan(name, job.getSpec(), Specs.toy(job.getSpec())));
    } catch (PlanException e) {
      throw new AssertionError(e);
    }
  }

  static DistillationJob job(String name, String... fields) {
    String[] inCluster = new String[fields.length + 1];
    inCluster[0] = "{teacher: {model: {uri: pvc://models/gemma}}, data: {uri: pvc://corpus/web}}";
    System.arraycopy(fields, 0, inCluster, 1, fields.length);
    DistillationJob job = new DistillationJob();
    job.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withNamespace("research")
            .withUid("11111111-2222-3333-4444-555555555555")
            .build());
    job.setSpec(Specs.with(inCluster));
    return job;
  }

  List<HasMetadata> standing() {
    return Rendering.standing(job, plan, 2, true, SETTINGS);
  }

  /** The one child of this kind and name. */
  <T extends HasMetadata> T child(Class<T> kind, String name) {
    List<T> found =
        standing().stream()
            .filter(child -> kind.isInstance(child) && child.getMetadata().getName().equals(name))
            .map(kind::cast)
            .toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " of " + kind.getSimpleName() + " " + name);
    }
    return found.get(0);
  }

  Deployment teacher() {
    return child(Deployment.class, Names.of(job.getMetadata().getName()).teacher());
  }

  Job trainer() {
    return Rendering.trainer(job, plan, SETTINGS);
  }

  PodTemplateSpec pod(Role role) {
    return switch (role) {
      case Teacher -> teacher().getSpec().getTemplate();
      case Trainer -> trainer().getSpec().getTemplate();
      case Fill -> Rendering.fill(job, plan, SETTINGS).getSpec().getTemplate();
    };
  }

  Container container(Role role) {
    return pod(role).getSpec().getContainers().get(0);
  }
}
