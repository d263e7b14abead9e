package dev.alambic.helm;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The kustomize base: the chart, rendered, for those who take no charts. */
class KustomizeTest {
  private static final Path BASE = Path.of("../gitops/base/alambic.yaml");

  @Test
  void baseIsWhatTheChartRenders() throws IOException {
    String rendered =
        Chart.text("crds: {enabled: false}", "metrics: {dashboards: {enabled: false}}");
    CheckedIn.assertIs(BASE, rendered, KustomizeTest.class);
  }
}
