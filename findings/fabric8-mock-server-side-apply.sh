#!/usr/bin/env bash
# Fabric8 kubernetes-server-mock 7.5.2: in CRUD mode the mock API server answers server-side apply with 415 Unsupported Media
# Type, so that a controller that applies its children cannot be tested on it. Create, get and merge patch work.
#
# Guess before: CRUD mode takes all patches that the client of the same version sends. Seen: 2026-12-01.
# What we do: unit tests of the operator use stubs of HTTP, and scenarios use a real API server (e2e).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/pom.xml" <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId>
  <artifactId>fabric8-mock</artifactId>
  <version>1</version>
  <dependencies>
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
cat >"$work/Apply.java" <<'JAVA'
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.util.HashMap;

public class Apply {
  public static void main(String[] arguments) {
    var server =
        new KubernetesMockServer(
            new Context(), new MockWebServer(), new HashMap<>(), new KubernetesCrudDispatcher(), false);
    server.init();
    int code;
    try (var client = server.createClient()) {
      ConfigMap map =
          new ConfigMapBuilder()
              .withNewMetadata().withName("one").withNamespace("test").endMetadata()
              .addToData("key", "value")
              .build();
      client.resource(map).create();
      System.out.println("create, get: " + client.resource(map).get().getData());
      try {
        client.resource(map).fieldManager("finding").forceConflicts().serverSideApply();
        code = 200;
      } catch (KubernetesClientException e) {
        code = e.getCode();
      }
    }
    server.destroy();
    System.out.println("server-side apply: " + code);
    System.exit(code == 415 ? 0 : 1);
  }
}
JAVA
cd "$work"
mvn -q -B dependency:build-classpath -Dmdep.outputFile=classpath >&2
java -cp "$(<classpath)" Apply.java 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
