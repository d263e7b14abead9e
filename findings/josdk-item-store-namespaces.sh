#!/usr/bin/env bash
# Java Operator SDK 5.2.3 with Fabric8 7.5.2: an item store that is set for a controller (withItemStore, made to keep caches small) is
# shared by the informers of all its namespaces. The first list of each namespace removes the objects of the others from it, so that
# the cache of a controller for two namespaces ends with those of one, or of none, by chance. Nothing is logged.
#
# Guess before: each informer has a store of its own, or the keys, which name the namespace, keep them apart. Seen: 2026-12-01.
# What we do: the operator sets no item store; it may be limited to several namespaces (the chart's watchNamespaces).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/pom.xml" <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId>
  <artifactId>item-store</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.javaoperatorsdk</groupId>
      <artifactId>operator-framework-core</artifactId>
      <version>5.2.3</version>
    </dependency>
    <dependency>
      <groupId>io.fabric8</groupId>
      <artifactId>kubernetes-client</artifactId>
      <version>7.5.2</version>
    </dependency>
    <dependency>
      <groupId>io.fabric8</groupId>
      <artifactId>kubernetes-server-mock</artifactId>
      <version>7.5.2</version>
    </dependency>
  </dependencies>
</project>
XML
cat >"$work/Stores.java" <<'JAVA'
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

public class Stores {
  @ControllerConfiguration(name = "maps")
  static class Maps implements Reconciler<ConfigMap> {
    EventSourceContext<ConfigMap> sources;

    @Override
    public List<EventSource<?, ConfigMap>> prepareEventSources(EventSourceContext<ConfigMap> context) {
      sources = context;
      return List.of();
    }

    @Override
    public UpdateControl<ConfigMap> reconcile(
        ConfigMap map, io.javaoperatorsdk.operator.api.reconciler.Context<ConfigMap> context) {
      return UpdateControl.noUpdate();
    }
  }

  static Set<String> cached(boolean ownStore) {
    var server = new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), new KubernetesCrudDispatcher(), false);
    server.init();
    try (var client = server.createClient()) {
      for (String namespace : List.of("one", "two")) {
        client.resource(new ConfigMapBuilder().withNewMetadata().withName("map").withNamespace(namespace).endMetadata().build()).create();
      }
      Maps maps = new Maps();
      Operator operator = new Operator(config -> config.withKubernetesClient(client).withCloseClientOnStop(false));
      operator.register(
          maps,
          config -> {
            config.settingNamespaces(Set.of("one", "two"));
            if (ownStore) {
              config.withItemStore(new BasicItemStore<>(Cache::metaNamespaceKeyFunc));
            }
          });
      operator.start();
      Set<String> found = new TreeSet<>();
      maps.sources.getPrimaryCache().list().forEach(map -> found.add(map.getMetadata().getNamespace()));
      operator.stop();
      return found;
    } finally {
      server.destroy();
    }
  }

  public static void main(String[] arguments) {
    Set<String> plain = cached(false);
    Set<String> own = cached(true);
    System.out.println("namespaces in the cache: default store " + plain + ", own store " + own);
    System.exit(plain.size() == 2 && own.size() < 2 ? 0 : 1);
  }
}
JAVA
cd "$work"
mvn -q -B dependency:build-classpath -Dmdep.outputFile=classpath >&2
java -cp "$(<classpath)" Stores.java 2>"$work/log" || { tail -n 20 "$work/log" >&2; exit 1; }
