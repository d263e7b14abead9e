package dev.alambic.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RolesTest {
  private static final Rendering DEFAULT = Chart.render();
  private static final Rendering NAMESPACED = Chart.render("watchNamespaces: [team-a, team-b]");

  private static final Rendering KUEUE = Chart.render("kueue: {enabled: true}");
  private static final Rendering KUEUE_NAMESPACED =
      Chart.render("kueue: {enabled: true}", "watchNamespaces: [team-a]");

  /** What the operator asks of the API server; its own tests show that it needs each verb of it. */
  private static final JsonNode ASKED =
      Chart.yaml(Path.of("../operator/src/test/resources/access.yaml"));

  private static final Map<String, Set<String>> OPERATOR = asked("jobs");
  private static final Map<String, Set<String>> LEASE = asked("lease");

  private static Map<String, Set<String>> asked(String section) {
    Map<String, Set<String>> verbs = new TreeMap<>();
    ASKED
        .get(section)
        .properties()
        .forEach(rule -> verbs.put(rule.getKey(), new TreeSet<>(Rendering.texts(rule.getValue()))));
    return verbs;
  }

  @Test
  void operatorMayDoWhatItDoes() {
    assertThat(verbs(DEFAULT.object("ClusterRole alambic"))).isEqualTo(OPERATOR);
    assertThat(verbs(DEFAULT.object("Role alambic-system/alambic-lease"))).isEqualTo(LEASE);
  }

  @Test
  void operatorMayDoTheSameInChosenNamespaces() {
    assertThat(verbs(NAMESPACED.object("Role team-a/alambic"))).isEqualTo(OPERATOR);
    assertThat(verbs(NAMESPACED.object("Role team-b/alambic"))).isEqualTo(OPERATOR);
    assertThat(verbs(NAMESPACED.object("Role alambic-system/alambic-lease"))).isEqualTo(LEASE);
    assertThat(NAMESPACED.ofKind("ClusterRole")).isEmpty();
    assertThat(NAMESPACED.ofKind("ClusterRoleBinding")).isEmpty();
  }

  @Test
  void quotaIsAskedForOnlyWhereThereIsKueue() {
    Map<String, Set<String>> more = new TreeMap<>(OPERATOR);
    more.putAll(asked("jobsOfKueue"));
    Map<String, Set<String>> ofCluster = asked("clusterOfKueue");
    assertThat(verbs(KUEUE.object("ClusterRole alambic"))).isEqualTo(more);
    assertThat(verbs(KUEUE.object("ClusterRole alambic-kueue"))).isEqualTo(ofCluster);
    assertThat(verbs(KUEUE_NAMESPACED.object("Role team-a/alambic"))).isEqualTo(more);
    assertThat(verbs(KUEUE_NAMESPACED.object("ClusterRole alambic-kueue"))).isEqualTo(ofCluster);
    assertThat(KUEUE_NAMESPACED.ofKind("ClusterRole")).hasSize(1);
    assertThat(
            Chart.render("kueue: {enabled: true}", "rbac: {create: false}").ofKind("ClusterRole"))
        .isEmpty();
  }

  @Test
  void usersOfANamespaceSeeAndEditItsJobs() {
    JsonNode view = DEFAULT.object("ClusterRole alambic-view");
    JsonNode edit = DEFAULT.object("ClusterRole alambic-edit");
    assertThat(verbs(view))
        .isEqualTo(Map.of("alambic.dev/distillationjobs", Set.of("get", "list", "watch")));
    assertThat(verbs(edit))
        .isEqualTo(
            Map.of(
                "alambic.dev/distillationjobs",
                Set.of("create", "update", "patch", "delete", "deletecollection")));
    assertThat(aggregation(view)).containsExactly("admin", "edit", "view");
    assertThat(aggregation(edit)).containsExactly("admin", "edit");
    assertThat(Chart.render("rbac: {aggregate: false}").ofKind("ClusterRole")).hasSize(1);
  }

  @Test
  void noRoleReadsSecretsOrHasWildcards() {
    for (Rendering rendering : List.of(DEFAULT, NAMESPACED, KUEUE, KUEUE_NAMESPACED)) {
      for (JsonNode role : roles(rendering)) {
        verbs(role)
            .forEach(
                (resource, verbs) -> {
                  assertThat(resource).doesNotContain("*");
                  if (resource.endsWith("/secrets")) {
                    assertThat(verbs).containsExactly("create");
                  }
                  assertThat(verbs).doesNotContain("*", "escalate", "bind", "impersonate");
                });
      }
    }
  }

  @Test
  void bindingsPointAtRenderedRolesAndTheAccount() {
    for (Rendering rendering : List.of(DEFAULT, NAMESPACED, KUEUE, KUEUE_NAMESPACED)) {
      List<JsonNode> bindings = new ArrayList<>(rendering.ofKind("RoleBinding"));
      bindings.addAll(rendering.ofKind("ClusterRoleBinding"));
      assertThat(bindings).isNotEmpty();
      for (JsonNode binding : bindings) {
        String namespace = binding.at("/metadata").path("namespace").asText();
        rendering.object(
            binding.at("/roleRef/kind").asText()
                + " "
                + (namespace.isEmpty() ? "" : namespace + "/")
                + binding.at("/roleRef/name").asText());
        assertThat(binding.get("subjects"))
            .isEqualTo(
                Chart.yaml("[{kind: ServiceAccount, name: alambic, namespace: alambic-system}]"));
      }
    }
    assertThat(DEFAULT.pod().get("serviceAccountName").asText()).isEqualTo("alambic");
  }

  @Test
  void accountAndRolesMayComeFromElsewhere() {
    Rendering rendering =
        Chart.render("serviceAccount: {create: false, name: mine}", "rbac: {create: false}");
    assertThat(rendering.ofKind("ServiceAccount")).isEmpty();
    assertThat(rendering.pod().get("serviceAccountName").asText()).isEqualTo("mine");
    assertThat(roles(rendering)).isEmpty();
    assertThat(rendering.ofKind("RoleBinding")).isEmpty();
    assertThat(rendering.ofKind("ClusterRoleBinding")).isEmpty();
  }

  private static List<JsonNode> roles(Rendering rendering) {
    List<JsonNode> roles = new ArrayList<>(rendering.ofKind("ClusterRole"));
    roles.addAll(rendering.ofKind("Role"));
    return roles;
  }

  /** Verbs by {@code group/resource}. */
  private static Map<String, Set<String>> verbs(JsonNode role) {
    Map<String, Set<String>> verbs = new TreeMap<>();
    for (JsonNode rule : role.get("rules")) {
      for (String group : Rendering.texts(rule.get("apiGroups"))) {
        for (String resource : Rendering.texts(rule.get("resources"))) {
          verbs
              .computeIfAbsent(group + "/" + resource, key -> new TreeSet<>())
              .addAll(Rendering.texts(rule.get("verbs")));
        }
      }
    }
    return verbs;
  }

  private static Set<String> aggregation(JsonNode role) {
    Set<String> into = new TreeSet<>();
    String prefix = "rbac.authorization.k8s.io/aggregate-to-";
    role.at("/metadata/labels")
        .fieldNames()
        .forEachRemaining(
            label -> {
              if (label.startsWith(prefix)) {
                into.add(label.substring(prefix.length()));
              }
            });
    return into;
  }
}
