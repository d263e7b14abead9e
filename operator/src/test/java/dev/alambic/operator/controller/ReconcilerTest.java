package dev.alambic.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.operator.metrics.OperatorMetrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.Operator;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole controller, configured as it ships, against an API server that misbehaves. */
class ReconcilerTest {
  private static final String KIND =
      "/apis/alambic.dev/v1alpha1/namespaces/research/distillationjobs";
  private static final ApiPath JOB = ApiPath.of(KIND + "/quickstart");
  private static final String STATUS = KIND + "/quickstart/status";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final OperatorMetrics metrics = new OperatorMetrics();
  private FakeApiServer server;
  private KubernetesClient client;
  private Operator operator;

  @BeforeEach
  void start() throws IOException {
    server = new FakeApiServer();
    client = server.client();
    operator =
        new Operator(
            config ->
                config
                    .withKubernetesClient(client)
                    .withMetrics(metrics.reconciling())
                    .withReconciliationTerminationTimeout(Duration.ofSeconds(5)));
    operator.register(
        new DistillationJobReconciler(
            client, Cluster.SETTINGS, false, InstantSource.system(), metrics),
        new OperatorCommand()::configure);
    metrics.lead();
    operator.start();
  }

  @AfterEach
  void stop() {
    operator.stop();
    client.close();
    server.close();
    metrics.close();
  }

  /** What a user does: writes the spec. */
  private void submit(String... fields) {
    server.objects().apply(JOB, json(Cluster.job(fields)));
  }

  private static JsonNode json(DistillationJob job) {
    try {
      return new JsonMapper().readTree(Serialization.asJson(job));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private JsonNode status() {
    return server.objects().get(JOB).at("/status");
  }

  private void awaitGeneration(long generation) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(status().at("/observedGeneration").asLong()).isEqualTo(generation));
  }

  /** A job that was looked at, and of which the informers have told all: half a second of peace. */
  private void settled() {
    submit();
    awaitGeneration(1);
    AtomicInteger before = new AtomicInteger();
    await()
        .atMost(PATIENCE)
        .during(Duration.ofMillis(500))
        .until(
            () -> {
              int writes = server.writes().size();
              return before.getAndSet(writes) == writes;
            });
    server.forgetRequests();
  }

  @Test
  void aJobIsPlannedAndItsTeacherStarted() {
    submit();
    awaitGeneration(1);
    assertThat(status().at("/phase").asText()).isEqualTo("Starting");
    assertThat(server.writes()).anyMatch(line -> line.endsWith("deployments/quickstart-teacher"));
    assertThat(server.requests("PATCH", "/status").get(0).query())
        .contains("fieldManager=alambic", "force=true");
  }

  @Test
  void aJobsSeriesLastAsLongAsTheJob() {
    String series =
        "alambic_job_phase{job_name=\"quickstart\",job_namespace=\"research\",phase=\"Starting\"}";
    submit();
    await().atMost(PATIENCE).until(() -> metrics.scrape().contains(series + " 1.0"));
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                metrics.scrape().contains("alambic_events_total{reason=\"PlanMade\"")
                    && metrics.scrape().contains("operator_sdk_reconciliations_success"));
    server.objects().delete(JOB);
    await().atMost(PATIENCE).until(() -> !metrics.scrape().contains("job_name="));
  }

  @Test
  void aJobThatRestsIsLeftInPeace() {
    settled();
    submit("{ttlSecondsAfterFinished: 60}");
    awaitGeneration(2);
    await()
        .during(Duration.ofMillis(500))
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(server.writes()).containsExactly("PATCH " + STATUS));
  }

  @Test
  void whatHappensWhileAWatchIsClosedIsNotMissed() {
    settled();
    whileNobodyWatches("{suspend: true}");
    awaitGeneration(2);
    assertThat(status().at("/phase").asText()).isEqualTo("Suspended");
    whileNobodyWatches("{suspend: false}");
    awaitGeneration(3);
    assertThat(status().at("/phase").asText()).isEqualTo("Starting");
  }

  @Test
  void aHistoryThatIsForgottenIsReadAnew() {
    settled();
    server.fail(FakeApiServer.WATCH, "/distillationjobs", 410, "too old resource version");
    whileNobodyWatches("{suspend: true}");
    awaitGeneration(2);
    assertThat(status().at("/phase").asText()).isEqualTo("Suspended");
    assertThat(server.requests("GET", "/distillationjobs")).anyMatch(get -> !get.watches());
  }

  private void whileNobodyWatches(String field) {
    server.closeWatches();
    submit(field);
    server.openWatches();
  }

  @Test
  void aStatusThatCannotBeWrittenIsTriedAgainMoreAndMoreSeldom() {
    settled();
    for (int i = 0; i < 3; i++) {
      server.fail("PATCH", STATUS, 500, "etcd is away");
    }
    submit("{ttlSecondsAfterFinished: 60}");
    awaitGeneration(2);
    List<Duration> at = server.requests("PATCH", STATUS).stream().map(ApiRequest::at).toList();
    assertThat(at).hasSize(4);
    assertThat(at.get(1).minus(at.get(0))).isGreaterThan(Duration.ofMillis(900));
    assertThat(at.get(2).minus(at.get(1))).isGreaterThan(Duration.ofMillis(900));
    assertThat(at.get(3).minus(at.get(2))).isGreaterThan(Duration.ofMillis(1900));
  }

  @Test
  void aChildThatIsRefusedIsToldInTheStatus() {
    server.fail("PATCH", "deployments/quickstart-teacher", 403, "exceeded quota: none");
    submit();
    awaitGeneration(1);
    assertThat(server.requests("PATCH", STATUS).get(0).body().at("/status/conditions").toString())
        .contains("Deployment quickstart-teacher: exceeded quota: none");
  }

  @Test
  void aDeletedJobIsLeftToTheGarbageCollector() {
    settled();
    ObjectNode gone = server.objects().delete(JOB);
    assertThat(gone).isNotNull();
    await()
        .during(Duration.ofMillis(500))
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(server.writes()).isEmpty());
  }
}
