package dev.alambic.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Prometheus and Grafana are given. That the expressions give data is shown in e2e. */
class MonitoringTest {
  private static final Path FILES = Chart.FOLDER.resolve("files");
  private static final Path RUNBOOKS = Path.of("../docs/runbooks");
  private static final Pattern METRIC = Pattern.compile("\\balambic_\\w+");

  /** Only on a GPU, and so not in {@link Exposed}. */
  private static final Set<String> OF_GPUS =
      Set.of("alambic_gpu_memory_used_bytes", "alambic_gpu_memory_bytes");

  @Test
  void podMonitorsOnRequest() {
    assertThat(Chart.render().ofKind("PodMonitor")).isEmpty();
    Rendering asked =
        Chart.render("metrics: {podMonitor: {enabled: true, labels: {release: prometheus}}}");
    JsonNode own = asked.object("PodMonitor alambic-system/alambic");
    assertThat(own.at("/metadata/labels/release").asText()).isEqualTo("prometheus");
    assertThat(own.at("/spec/podMetricsEndpoints"))
        .isEqualTo(Chart.yaml("[{port: http, path: /metrics, interval: 30s}]"));
    JsonNode jobs = asked.object("PodMonitor alambic-system/alambic-jobs");
    assertThat(jobs.at("/spec/namespaceSelector")).isEqualTo(Chart.yaml("{any: true}"));
    assertThat(jobs.at("/spec/podMetricsEndpoints/0/relabelings").findValuesAsText("targetLabel"))
        .containsExactly("job_namespace", "job_name", "role");
    Rendering namespaced =
        Chart.render("watchNamespaces: [a]", "metrics: {podMonitor: {enabled: true}}");
    assertThat(
            namespaced
                .object("PodMonitor alambic-system/alambic-jobs")
                .at("/spec/namespaceSelector"))
        .isEqualTo(Chart.yaml("{matchNames: [a]}"));
  }

  @Test
  void rulesAreThoseOfTheFile() {
    assertThat(Chart.render().ofKind("PrometheusRule")).isEmpty();
    JsonNode rule =
        Chart.render("metrics: {prometheusRule: {enabled: true, runbooks: 'https://w/r/'}}")
            .object("PrometheusRule alambic-system/alambic");
    JsonNode alert = rule.at("/spec/groups/0/rules/0");
    assertThat(alert.at("/annotations/runbook_url").asText())
        .isEqualTo("https://w/r/AlambicOperatorDown.md");
    assertThat(rule.at("/spec/groups/0/rules")).hasSameSizeAs(alerts());
  }

  @Test
  void eachAlertHasItsRunbookAndEachRunbookItsAlert() {
    List<String> names = alerts().stream().map(alert -> alert.at("/alert").asText()).toList();
    assertThat(names).isNotEmpty().doesNotHaveDuplicates();
    for (JsonNode alert : alerts()) {
      assertThat(alert.at("/labels/severity").asText()).isIn("info", "warning", "critical");
      assertThat(alert.at("/annotations/summary").asText()).isNotBlank();
      assertThat(alert.at("/annotations/runbook_url").asText())
          .isEqualTo("RUNBOOKS/" + alert.at("/alert").asText() + ".md");
    }
    assertThat(RUNBOOKS.toFile().list())
        .containsExactlyInAnyOrderElementsOf(names.stream().map(name -> name + ".md").toList());
  }

  @Test
  void dashboardsAreInOneLabelledConfigMap() {
    JsonNode map = Chart.render().object("ConfigMap alambic-system/alambic-dashboards");
    assertThat(map.at("/metadata/labels/grafana_dashboard").asText()).isEqualTo("1");
    assertThat(Chart.yaml(map.at("/data/alambic-job.json").asText())).isEqualTo(dashboard("job"));
    assertThat(Chart.render("metrics: {dashboards: {enabled: false}}").ofKind("ConfigMap"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fleet", "job"})
  void panelsAreWhole(String name) {
    JsonNode dashboard = dashboard(name);
    assertThat(dashboard.at("/uid").asText()).isEqualTo("alambic-" + name);
    Set<Integer> ids = new TreeSet<>();
    for (JsonNode panel : dashboard.at("/panels")) {
      assertThat(ids.add(panel.at("/id").asInt())).as(panel.at("/title").asText()).isTrue();
      assertThat(panel.at("/title").asText()).isNotBlank();
      if (!panel.at("/type").asText().equals("row")) {
        assertThat(panel.at("/targets")).as(panel.at("/title").asText()).isNotEmpty();
        assertThat(panel.at("/datasource/uid").asText()).isEqualTo("${datasource}");
      }
    }
  }

  @Test
  void everyMetricThatIsAskedForExists() {
    Set<String> there =
        Stream.of(Exposed.operator(), Exposed.trainer(), Exposed.teacher(), Exposed.fill())
            .flatMap(scrape -> MetricFamily.own(scrape).stream())
            .flatMap(family -> family.samples().stream())
            .collect(Collectors.toSet());
    there.addAll(OF_GPUS);
    assertThat(asked()).hasSizeGreaterThan(30).isSubsetOf(there);
  }

  private static Set<String> asked() {
    Set<String> asked = new TreeSet<>();
    Stream<JsonNode> expressions =
        Stream.of(Chart.yaml(FILES.resolve("rules.yaml")), dashboard("fleet"), dashboard("job"))
            .flatMap(file -> file.findValues("expr").stream());
    expressions.forEach(
        expression -> {
          Matcher metric = METRIC.matcher(expression.asText());
          while (metric.find()) {
            asked.add(metric.group());
          }
        });
    return asked;
  }

  private static List<JsonNode> alerts() {
    JsonNode rules = Chart.yaml(FILES.resolve("rules.yaml")).at("/groups/0/rules");
    return StreamSupport.stream(rules.spliterator(), false).toList();
  }

  private static JsonNode dashboard(String name) {
    Path file = FILES.resolve("dashboards").resolve(name + ".json");
    assertThat(Files.exists(file)).as("%s", file).isTrue();
    return Chart.yaml(file);
  }
}
