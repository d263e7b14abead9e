package dev.alambic.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The kustomize base: the chart, rendered, for those who take no charts. */
class KustomizeTest {
  private static final Path BASE = Path.of("../gitops/base/alambic.yaml");

  @Test
  void baseIsWhatTheChartRenders() throws IOException {
    String rendered =
        Chart.text("crds: {enabled: false}", "metrics: {dashboards: {enabled: false}}");
    if (System.getProperty("alambic.docs.write") != null) {
      Files.writeString(BASE, rendered);
    }
    assertThat(Files.readString(BASE))
        .as(
            "%s differs from the chart: mvn -pl crds,trainer-image,operator,helm test"
                + " -Dtest=KustomizeTest -Dalambic.docs.write",
            BASE)
        .isEqualTo(rendered);
  }
}
