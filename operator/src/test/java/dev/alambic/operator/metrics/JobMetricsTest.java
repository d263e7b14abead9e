package dev.alambic.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.DistillationJob;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JobMetricsTest {
  /** A job in the middle of its run, of which all is known. */
  static final String RUNNING =
      """
      apiVersion: alambic.dev/v1alpha1
      kind: DistillationJob
      metadata: {name: gemma, namespace: research, creationTimestamp: "2026-11-28T00:00:00Z"}
      spec:
        stage: PreTraining
        teacher:
          model: {uri: pvc://models/gemma}
          runtime: Builtin
          replicas: 2
          pod: {resources: {limits: {nvidia.com/gpu: 4}}}
        student: {size: 2.6B}
        tokenBudget: 2T
        data: {uri: pvc://corpus/web}
        signal: {encoding: Sampled, mode: Online}
        trainer: {pod: {resources: {limits: {nvidia.com/gpu: 8}}}}
      status:
        phase: Training
        startTime: "2026-11-28T00:00:10Z"
        completionTime: "2026-11-28T09:00:00Z"
        progress: {tokens: 1000, tokenBudget: 2000, percent: 50, tokensPerSecond: "12.5"}
        loss: {train: "2.5", validation: "2.75", divergence: "0.25", teacher: "2.25"}
        saturation:
          state: Improving
          gain: "0.01"
          saturationTokens: {low: 3000, estimate: 4000, high: 9000}
          expectedTokens: 2000000000000
          savedTokens: 7
          savedGpuHours: "1.5"
          fit: {irreducible: "2.1", amplitude: "3", exponent: "0.5", noise: "0.001", points: 9}
        teacher: {readyReplicas: 1, waitShare: "0.05", neededReplicas: 3}
        checkpoint: {tokens: 900, path: /c, time: "2026-11-28T01:00:00Z"}
      """;

  private static final String IDENTITY = "{job_name=\"gemma\",job_namespace=\"research\"";

  static DistillationJob job(String yaml) {
    return Serialization.unmarshal(yaml, DistillationJob.class);
  }

  private static String scrape(DistillationJob... jobs) {
    try (OperatorMetrics metrics = new OperatorMetrics()) {
      metrics.show(() -> List.of(jobs));
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
