package dev.alambic.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.DistillationJob;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JobMetricsTest {
  private static final String RUNNING = text();

  private static final String IDENTITY = "{job_name=\"gemma\",job_namespace=\"research\"";

  private static String text() {
    try {
      return Files.readString(Path.of("src/test/resources/running-job.yaml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DistillationJob job(String yaml) {
    return Serialization.unmarshal(yaml, DistillationJob.class);
  }

  private static String scrape(DistillationJob... jobs) {
    try (OperatorMetrics metrics = new OperatorMetrics()) {
      metrics.show(() -> List.of(jobs));
      assertThat(metrics.scrape()).as("by a replica that waits").doesNotContain("job_name=");
      metrics.lead();
      return metrics.scrape();
    }
  }

  @Test
  void aStatusInNumbers() {
    assertThat(scrape(job(RUNNING)))
        .contains(
            "alambic_job_tokens_total" + IDENTITY + "} 1000.0",
            "alambic_job_validation_loss_nats" + IDENTITY + "} 2.75",
            "alambic_job_checkpoint_timestamp_seconds" + IDENTITY + "} 1.7958276E9",
            "alambic_job_saturation" + IDENTITY + ",state=\"Improving\"} 1.0",
            "alambic_job_gpus" + IDENTITY + ",role=\"trainer\"} 8.0",
            "alambic_job_gpus" + IDENTITY + ",role=\"teacher\"} 4.0",
            "mode=\"Online\",signal=\"Sampled\",stage=\"PreTraining\",student=\"2.6B\"");
  }

  @Test
  void whatIsNotKnownHasNoSeries() {
    String before = RUNNING.substring(0, RUNNING.indexOf("status:"));
    assertThat(scrape(job(before)).lines().filter(line -> line.startsWith("alambic_job_")))
        .allMatch(
            line -> line.matches("alambic_job_(info|created_timestamp|gpus|first_step)[_{].*"));
  }

  @Test
  void gpusAreHeldByPhase() {
    assertThat(held("Filling")).isEqualTo(new HeldGpus(0, 8));
    assertThat(held("Starting")).isEqualTo(new HeldGpus(8, 8));
    assertThat(held("Suspended")).isEqualTo(new HeldGpus(0, 0));
    assertThat(held("Complete")).isEqualTo(new HeldGpus(0, 0));
  }

  private static HeldGpus held(String phase) {
    return HeldGpus.of(job(RUNNING.replace("phase: Training", "phase: " + phase)));
  }

  /** docs/metrics.md states it. */
  @Test
  void aJobHas29SeriesAtMost() {
    DistillationJob[] jobs =
        IntStream.range(0, 200)
            .mapToObj(i -> job(RUNNING.replace("name: gemma", "name: gemma-" + i)))
            .toArray(DistillationJob[]::new);
    long series = scrape(jobs).lines().filter(line -> line.contains("job_name=")).count();
    assertThat(series).isEqualTo(200 * 29);
  }
}
