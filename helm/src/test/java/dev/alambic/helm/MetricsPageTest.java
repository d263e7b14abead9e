package dev.alambic.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/metrics.md says of each metric what the code says. */
class MetricsPageTest {
  private static final Path PAGE = Path.of("../docs/metrics.md");
  private static final String HEAD =
      "| metric | type | labels | what it is |\n| :--- | :--- | :--- | :--- |\n";

  @Test
  void tablesAreThoseOfTheCode() throws IOException {
    String page = Files.readString(PAGE);
    String now = page;
    now = withTable(now, "Operator", Exposed.operator());
    now = withTable(now, "Trainer", Exposed.trainer());
    now = withTable(now, "Teacher", Exposed.teacher());
    now = withTable(now, "Fill", Exposed.fill());
    CheckedIn.assertIs(PAGE, now, MetricsPageTest.class);
  }

  /** The first table after a heading. */
  private static String withTable(String page, String heading, String scrape) {
    int section = page.indexOf("\n## " + heading + "\n");
    assertThat(section).as("heading %s", heading).isNotNegative();
    int start = page.indexOf("| metric |", section);
    int end = page.indexOf("\n\n", start);
    String rows =
        MetricFamily.own(scrape).stream().map(MetricFamily::row).collect(Collectors.joining("\n"));
    return page.substring(0, start) + HEAD + rows + page.substring(end);
  }

  @Test
  void namesAreAsPrometheusWantsThem() {
    String all = Exposed.operator() + Exposed.trainer() + Exposed.teacher() + Exposed.fill();
    assertThat(MetricFamily.own(all)).hasSizeGreaterThan(50).allSatisfy(this::isWellNamed);
  }

  private void isWellNamed(MetricFamily metric) {
    assertThat(metric.help()).as(metric.name()).isNotBlank();
    assertThat(metric.name().endsWith("_total")).isEqualTo(metric.type().equals("counter"));
    assertThat(metric.name()).doesNotContainPattern("_(ms|millis|minutes|kb|mb|percent)(_|$)");
  }
}
