package dev.alambic.operator.controller;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.operator.plan.Specs;
import dev.alambic.operator.render.Images;
import dev.alambic.operator.render.Reachability;
import dev.alambic.operator.render.Settings;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.List;

/** A job in a cluster, and what informers show of it. */
final class Cluster {
  static final String NAMESPACE = "research";
  static final Settings SETTINGS =
      new Settings(
          new Images("registry.example.com/alambic:1", null),
          new Reachability("alambic-system", List.of()));

  private static final String MOUNTED =
      "{teacher: {model: {uri: pvc://models/gemma}, vocabularySize: 2048, contextLength: 512,"
          + " size: 2.8M}, data: {uri: pvc://corpus/web}}";

  private Cluster() {}

  /** The smallest job that can run in a cluster, with this YAML laid over its spec. */
  static DistillationJob job(String... fields) {
    String[] inCluster = new String[fields.length + 1];
    inCluster[0] = MOUNTED;
    System.arraycopy(fields, 0, inCluster, 1, fields.length);
    DistillationJob job = new DistillationJob();
    job.setMetadata(
        new ObjectMetaBuilder()
            .withName("quickstart")
            .withNamespace(NAMESPACE)
            .withUid("11111111-2222-3333-4444-555555555555")
            .withGeneration(1L)
            .build());
    job.setSpec(Specs.with(inCluster));
    return job;
  }

  /** The job's children when the informers show these objects. */
  static ChildCache cache(DistillationJob job, Collection<? extends HasMetadata> shown) {
    return new ChildCache(job, showing(shown));
  }

  @SuppressWarnings("unchecked")
  private static Context<DistillationJob> showing(Collection<? extends HasMetadata> shown) {
    return (Context<DistillationJob>)
        Proxy.newProxyInstance(
            Cluster.class.getClassLoader(),
            new Class<?>[] {Context.class},
            (proxy, method, arguments) -> {
              if (!"getSecondaryResourcesAsStream".equals(method.getName())) {
                throw new UnsupportedOperationException(method.getName());
              }
              return shown.stream().filter(((Class<?>) arguments[0])::isInstance);
            });
  }
}
