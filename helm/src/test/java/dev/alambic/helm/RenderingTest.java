package dev.alambic.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alambic.run.Version;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RenderingTest {
  private static final Rendering DEFAULT = Chart.render();
  private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

  private static final Set<String> CLUSTER_WIDE =
      Set.of("ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition");

  private static final Rendering EVERYTHING =
      Chart.render(
          "replicas: 2",
          "metrics: {podMonitor: {enabled: true}, prometheusRule: {enabled: true}}",
          "serviceAccount: {annotations: {a: b}}",
          "imagePullSecrets: [{name: pull}]",
          "priorityClassName: high",
          "nodeSelector: {disk: ssd}",
          "tolerations: [{key: infra, operator: Exists}]",
          "affinity: {nodeAffinity: {}}",
          "topologySpreadConstraints: [{maxSkew: 1}]",
          "podAnnotations: {note: '1'}",
          "podLabels: {team: a, app.kubernetes.io/name: other}",
          "extraEnv: [{name: LEVEL, value: debug}]");

  private static final Rendering NAMESPACED =
      Chart.render("watchNamespaces: [alambic-system, team-b]", "crds: {enabled: false}");

  @Test
  void rendersByDefault() {
    assertThat(DEFAULT.names())
        .containsExactly(
            "ClusterRole alambic",
            "ClusterRole alambic-edit",
            "ClusterRole alambic-view",
            "ClusterRoleBinding alambic",
            "ConfigMap alambic-system/alambic-dashboards",
            "CustomResourceDefinition distillationjobs.alambic.dev",
            "Deployment alambic-system/alambic",
            "NetworkPolicy alambic-system/alambic",
            "Role alambic-system/alambic-lease",
            "RoleBinding alambic-system/alambic-lease",
            "Service alambic-system/alambic",
            "ServiceAccount alambic-system/alambic");
  }

  @Test
  void rendersRolesPerNamespaceAndNoneForTheCluster() {
    assertThat(NAMESPACED.names())
        .containsExactly(
            "ConfigMap alambic-system/alambic-dashboards",
            "Deployment alambic-system/alambic",
            "NetworkPolicy alambic-system/alambic",
            "Role alambic-system/alambic",
            "Role alambic-system/alambic-lease",
            "Role team-b/alambic",
            "RoleBinding alambic-system/alambic",
            "RoleBinding alambic-system/alambic-lease",
            "RoleBinding team-b/alambic",
            "Service alambic-system/alambic",
            "ServiceAccount alambic-system/alambic");
  }

  static Stream<Rendering> renderings() {
    return Stream.of(DEFAULT, EVERYTHING, NAMESPACED);
  }

  @ParameterizedTest
  @MethodSource("renderings")
  void objectsHaveNamespaceAndLabels(Rendering rendering) {
    for (JsonNode object : rendering.objects()) {
      String name = Rendering.name(object);
      boolean clusterWide = CLUSTER_WIDE.contains(object.get("kind").asText());
      assertThat(object.at("/metadata").has("namespace")).as(name).isEqualTo(!clusterWide);
      JsonNode labels = object.at("/metadata/labels");
      assertThat(labels.path("app.kubernetes.io/name").asText()).as(name).isEqualTo("alambic");
      assertThat(labels.path("app.kubernetes.io/instance").asText()).as(name).isEqualTo("alambic");
      assertThat(labels.path("app.kubernetes.io/version").asText())
          .as(name)
          .isEqualTo(Version.current());
      assertThat(labels.path("app.kubernetes.io/managed-by").asText()).as(name).isEqualTo("Helm");
      assertThat(labels.path("helm.sh/chart").asText())
          .as(name)
          .isEqualTo("alambic-" + Version.current());
    }
  }

  @Test
  void selectorsFindThePods() {
    JsonNode labels = EVERYTHING.deployment().at("/spec/template/metadata/labels");
    List<JsonNode> selectors =
        List.of(
            EVERYTHING.deployment().at("/spec/selector/matchLabels"),
            EVERYTHING.object("Service alambic-system/alambic").at("/spec/selector"),
            EVERYTHING
                .object("NetworkPolicy alambic-system/alambic")
                .at("/spec/podSelector/matchLabels"),
            EVERYTHING
                .object("PodDisruptionBudget alambic-system/alambic")
                .at("/spec/selector/matchLabels"),
            EVERYTHING
                .object("PodMonitor alambic-system/alambic")
                .at("/spec/selector/matchLabels"));
    for (JsonNode selector : selectors) {
      assertThat(selector.size()).isEqualTo(3);
      selector
          .properties()
          .forEach(e -> assertThat(labels.get(e.getKey())).as(e.getKey()).isEqualTo(e.getValue()));
    }
  }

  @Test
  void argumentsByDefault() {
    assertThat(Rendering.texts(DEFAULT.container().get("args")))
        .containsExactly(
            "operator",
            "--image=alambic/runtime:" + Version.current(),
            "--image-pull-policy=IfNotPresent",
            "--fixed-user=true",
            "--leader-election=true",
            "--port=8080",
            "--monitoring-namespaces=monitoring");
  }

  @Test
  void argumentsFollowValues() {
    Rendering rendering =
        Chart.render(
            "runtimeImage: {repository: 'example.test:5000/a/b', tag: 1-cuda, pullPolicy: Always}",
            "watchNamespaces: [a, b]",
            "monitoringNamespaces: [c, d]",
            "kueue: {enabled: true}",
            "leaderElection: false");
    assertThat(Rendering.texts(rendering.container().get("args")))
        .containsExactly(
            "operator",
            "--image=example.test:5000/a/b:1-cuda",
            "--image-pull-policy=Always",
            "--namespaces=a,b",
            "--kueue",
            "--fixed-user=true",
            "--leader-election=false",
            "--port=8080",
            "--monitoring-namespaces=c,d");
  }

  @Test
  void digestWinsOverTag() {
    Rendering rendering =
        Chart.render(
            "image: {tag: other, digest: '" + DIGEST + "'}",
            "runtimeImage: {tag: other, digest: '" + DIGEST + "'}");
    assertThat(rendering.container().get("image").asText()).isEqualTo("alambic/operator@" + DIGEST);
    assertThat(Rendering.texts(rendering.container().get("args")))
        .contains("--image=alambic/runtime@" + DIGEST);
    assertThat(DEFAULT.container().get("image").asText())
        .isEqualTo("alambic/operator:" + Version.current());
  }

  @Test
  void podsKeepTheRestrictedProfile() {
    assertThat(DEFAULT.pod().get("securityContext"))
        .isEqualTo(
            Chart.yaml(
                """
                runAsNonRoot: true
                runAsUser: 65532
                runAsGroup: 65532
                seccompProfile: {type: RuntimeDefault}
                """));
    assertThat(DEFAULT.container().get("securityContext"))
        .isEqualTo(
            Chart.yaml(
                """
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities: {drop: [ALL]}
                """));
    assertThat(DEFAULT.container().at("/volumeMounts/0/mountPath").asText()).isEqualTo("/tmp");
    assertThat(DEFAULT.pod().at("/volumes/0").has("emptyDir")).isTrue();
  }

  @Test
  void noUserIsNamedWhereTheClusterGivesUsers() {
    Rendering rendering = Chart.render("fixedUser: false");
    assertThat(rendering.pod().get("securityContext"))
        .isEqualTo(Chart.yaml("{runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}"));
    assertThat(Rendering.texts(rendering.container().get("args"))).contains("--fixed-user=false");
    assertThat(Rendering.texts(DEFAULT.container().get("args"))).contains("--fixed-user=true");
  }

  @Test
  void morePrivilegeForJobsMustBeAskedFor() {
    assertThat(Rendering.texts(DEFAULT.container().get("args")))
        .doesNotContain("--allow-privileged-pods");
    assertThat(Rendering.texts(Chart.render("allowPrivilegedPods: true").container().get("args")))
        .contains("--allow-privileged-pods");
  }

  @Test
  void podsAreProbed() {
    JsonNode container = DEFAULT.container();
    assertThat(container.at("/ports/0")).isEqualTo(Chart.yaml("{name: http, containerPort: 8080}"));
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      JsonNode get = container.at("/" + probe + "/httpGet");
      assertThat(get.path("port").asText()).as(probe).isEqualTo("http");
      assertThat(get.path("path").asText())
          .as(probe)
          .isEqualTo(probe.equals("readinessProbe") ? "/readyz" : "/healthz");
    }
  }

  @Test
  void podsKnowTheirName() {
    assertThat(DEFAULT.container().get("env"))
        .isEqualTo(
            Chart.yaml(
                """
                - name: POD_NAMESPACE
                  valueFrom: {fieldRef: {apiVersion: v1, fieldPath: metadata.namespace}}
                - name: POD_NAME
                  valueFrom: {fieldRef: {apiVersion: v1, fieldPath: metadata.name}}
                """));
  }

  @Test
  void podsTakeWhatTheUserAdds() {
    JsonNode pod = EVERYTHING.pod();
    assertThat(pod.at("/imagePullSecrets/0/name").asText()).isEqualTo("pull");
    assertThat(pod.get("priorityClassName").asText()).isEqualTo("high");
    assertThat(pod.at("/nodeSelector/disk").asText()).isEqualTo("ssd");
    assertThat(pod.at("/tolerations/0/key").asText()).isEqualTo("infra");
    assertThat(pod.at("/affinity").has("nodeAffinity")).isTrue();
    assertThat(pod.at("/topologySpreadConstraints/0/maxSkew").asInt()).isEqualTo(1);
    assertThat(EVERYTHING.container().at("/env/2/value").asText()).isEqualTo("debug");
    JsonNode metadata = EVERYTHING.deployment().at("/spec/template/metadata");
    assertThat(metadata.at("/annotations/note").asText()).isEqualTo("1");
    assertThat(metadata.at("/labels/team").asText()).isEqualTo("a");
    assertThat(metadata.at("/labels/app.kubernetes.io~1name").asText()).isEqualTo("alambic");
  }

  @Test
  void onlySeveralReplicasHaveADisruptionBudget() {
    assertThat(DEFAULT.ofKind("PodDisruptionBudget")).isEmpty();
    JsonNode budget = EVERYTHING.object("PodDisruptionBudget alambic-system/alambic");
    assertThat(budget.at("/spec/maxUnavailable").asInt()).isEqualTo(1);
    assertThat(EVERYTHING.deployment().at("/spec/replicas").asInt()).isEqualTo(2);
  }

  @Test
  void withoutALeaseOneEndsBeforeTheNextStarts() {
    Rendering rendering = Chart.render("leaderElection: false");
    assertThat(rendering.deployment().at("/spec/strategy/type").asText()).isEqualTo("Recreate");
    assertThat(rendering.names()).noneMatch(name -> name.contains("lease"));
    assertThat(DEFAULT.deployment().at("/spec/strategy/type").asText()).isEqualTo("RollingUpdate");
  }

  @Test
  void onlyMonitoringReachesThePort() {
    JsonNode policy = DEFAULT.object("NetworkPolicy alambic-system/alambic").get("spec");
    assertThat(policy.get("policyTypes")).isEqualTo(Chart.yaml("[Ingress]"));
    assertThat(policy.get("ingress"))
        .isEqualTo(
            Chart.yaml(
                """
                - from:
                    - namespaceSelector:
                        matchExpressions:
                          - key: kubernetes.io/metadata.name
                            operator: In
                            values: [monitoring]
                  ports: [{port: http, protocol: TCP}]
                """));
    Rendering closed = Chart.render("monitoringNamespaces: []");
    assertThat(closed.ofKind("NetworkPolicy").get(0).at("/spec/ingress"))
        .isEqualTo(Chart.yaml("[]"));
    assertThat(Rendering.texts(closed.container().get("args")))
        .noneMatch(argument -> argument.startsWith("--monitoring-namespaces"));
    assertThat(Chart.render("networkPolicy: {enabled: false}").ofKind("NetworkPolicy")).isEmpty();
  }
}
