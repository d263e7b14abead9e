package dev.alambic.helm;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.operator.lifecycle.Event;
import dev.alambic.operator.metrics.OperatorMetrics;
import dev.alambic.progress.FillMetrics;
import dev.alambic.progress.TimeSpent;
import dev.alambic.progress.TrainerMetrics;
import dev.alambic.run.Progress;
import dev.alambic.run.RunJson;
import dev.alambic.teacher.Scorer;
import dev.alambic.teacher.TeacherServer;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What operator and pods show to Prometheus when all that can be known is known. */
final class Exposed {
  private static final Path JOB = Path.of("../operator/src/test/resources/running-job.yaml");
  private static final Path PROGRESS = Path.of("src/test/resources/progress.json");

  private Exposed() {}

  static String operator() {
    try (OperatorMetrics metrics = new OperatorMetrics()) {
      DistillationJob job = Serialization.unmarshal(read(JOB), DistillationJob.class);
      metrics.show(() -> List.of(job));
      metrics.lead();
      metrics.count(new Event(Event.Type.Normal, "PlanMade", ""));
      metrics
          .apiRequests()
          .afterConnectionFailure(
              new StandardHttpRequest.Builder().uri("http://localhost/").build(),
              new ConnectException());
      return metrics.scrape();
    }
  }

  static String trainer() {
    Progress progress = RunJson.read(read(PROGRESS), Progress.class);
    PrometheusMeterRegistry registry = registry();
    TrainerMetrics.bind(registry, () -> progress, new TimeSpent(), new TimeSpent());
    return registry.scrape();
  }

  static String teacher() {
    PrometheusMeterRegistry registry = registry();
    TeacherServer.Settings anyPort = TeacherServer.Settings.of(0, 1);
    try (TeacherServer server = TeacherServer.start(anyPort, Exposed::noModel, registry)) {
      return registry.scrape();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Scorer noModel() {
    throw new IllegalStateException("no model is needed to see which metrics there are");
  }

  static String fill() {
    PrometheusMeterRegistry registry = registry();
    FillMetrics.bind(registry, () -> 2, () -> 1);
    return registry.scrape();
  }

  private static PrometheusMeterRegistry registry() {
    return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
