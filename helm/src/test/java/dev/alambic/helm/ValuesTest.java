package dev.alambic.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.LintResult;
import dev.alambic.run.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValuesTest {

  @Test
  void chartPassesLint() {
    LintResult lint = Chart.helm().lint().strict().call();
    assertThat(lint.isFailed()).as(String.join("\n", lint.getMessages())).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "replica: 2                                   | replica",
        "image: {repo: x}                             | repo",
        "crds: {enable: true}                         | enable",
        "metrics: {podMonitor: {enable: true}}        | enable",
        "kueue: {enabled: 1}                          | /kueue/enabled",
        "replicas: two                                | /replicas",
        "replicas: 1.5                                | /replicas",
        "leaderElection: 'yes'                        | /leaderElection",
        "watchNamespaces: a                           | /watchNamespaces",
        "watchNamespaces: [A_b]                       | /watchNamespaces/0",
        "watchNamespaces: [a, a]                      | /watchNamespaces",
        "image: {repository: 'a:tag'}                 | /image/repository",
        "image: {tag: 1}                              | /image/tag",
        "image: {digest: 'sha256:12'}                 | /image/digest",
        "runtimeImage: {pullPolicy: Sometimes}        | /runtimeImage/pullPolicy",
        "resources: {limits: {memory: 512MB}}         | /resources/limits/memory",
        "extraEnv: [{name: A, vale: b}]               | vale",
        "podLabels: {a: 1}                            | /podLabels/a",
        "{replicas: 2, leaderElection: false}         | leaderElection",
        "serviceAccount: {create: false}              | serviceAccount.name",
      })
  void wrongValuesAreRefusedByName(String values, String named) {
    assertThatThrownBy(() -> Chart.text(values)).hasMessageContaining(named);
  }

  @Test
  void oldKubernetesIsRefused() {
    assertThatThrownBy(() -> Chart.helm().template().withKubeVersion("1.28.9").call())
        .hasMessageContaining(">=1.29.0-0");
    assertThat(Chart.helm().template().withKubeVersion("1.29.3-vendor.1").call()).isNotEmpty();
  }

  @Test
  void everyValueIsInTheSchemaAndTheReadme() throws IOException {
    JsonNode schema = Chart.yaml(Chart.FOLDER.resolve("values.schema.json"));
    String readme = Files.readString(Chart.FOLDER.resolve("README.md"));
    Set<String> missing = new TreeSet<>();
    JsonNode values = Chart.yaml(Chart.FOLDER.resolve("values.yaml"));
    leaves(values, schema, schema, "", readme, missing);
    assertThat(missing).isEmpty();
  }

  /** {@code ./release set VERSION} writes both. */
  @Test
  void hasTheVersionOfTheBuild() {
    JsonNode chart = Chart.yaml(Chart.FOLDER.resolve("Chart.yaml"));
    assertThat(chart.get("version").asText()).isEqualTo(Version.current());
    assertThat(chart.get("appVersion").asText()).isEqualTo(Version.current());
  }

  @Test
  void isPackaged() {
    Path target = Path.of("target");
    Chart.helm().packageIt().withDestination(target).call();
    assertThat(target.resolve("alambic-" + Version.current() + ".tgz")).isNotEmptyFile();
  }

  /** A map whose names are the user's, or whose insides are Kubernetes', counts as one value. */
  private static void leaves(
      JsonNode values,
      JsonNode schema,
      JsonNode root,
      String path,
      String readme,
      Set<String> missing) {
    JsonNode here = schema.has("$ref") ? root.at(schema.get("$ref").asText().substring(1)) : schema;
    if (here.isMissingNode()) {
      missing.add("schema: " + path);
    } else if (values.isEmpty() || !here.has("properties")) {
      if (!readme.contains("| `" + path + "` |")) {
        missing.add("README: " + path);
      }
    } else {
      values
          .properties()
          .forEach(
              value ->
                  leaves(
                      value.getValue(),
                      here.get("properties").path(value.getKey()),
                      root,
                      path.isEmpty() ? value.getKey() : path + "." + value.getKey(),
                      readme,
                      missing));
    }
  }
}
