package dev.alambic.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.alambic.operator.metrics.OperatorMetrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.Operator;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole controller with a queue; the test answers in Kueue's place. */
class KueueReconcilerTest {
  private static final String N = "/namespaces/research/";
  private static final ApiPath JOB =
      ApiPath.of("/apis/alambic.dev/v1alpha1" + N + "distillationjobs/quickstart");
  private static final String WORKLOADS = "/apis/kueue.x-k8s.io/v1beta2" + N + "workloads";
  private static final String NAME = WORKLOADS + "/distillationjob-quickstart";
  private static final ApiPath WORKLOAD = ApiPath.of(NAME);
  private static final ApiPath TEACHER =
      ApiPath.of("/apis/apps/v1" + N + "deployments/quickstart-teacher");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String RESERVED =
      "{type: QuotaReserved, status: 'True', reason: QuotaReserved, message: r}";
  private static final String ADMITTED =
      RESERVED + ", {type: Admitted, status: 'True', reason: Admitted, message: a}";
  private static final String EVICTED =
      ADMITTED + ", {type: Evicted, status: 'True', reason: Preempted, message: for another}";
  private static final String ADMISSION =
      "admission: {clusterQueue: q, podSetAssignments: ["
          + "{name: teacher, flavors: {cpu: spot}}, {name: trainer, flavors: {cpu: spot}}]}";

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
                    .withReconciliationTerminationTimeout(Duration.ofSeconds(5)));
    operator.register(
        new DistillationJobReconciler(
            client, Cluster.SETTINGS, true, InstantSource.system(), new OperatorMetrics()),
        new OperatorCommand()::configure);
    server
        .objects()
        .apply(
            ApiPath.of("/apis/kueue.x-k8s.io/v1beta2/resourceflavors/spot"),
            yaml(
                "{apiVersion: kueue.x-k8s.io/v1beta2, kind: ResourceFlavor, metadata: {name: spot},"
                    + " spec: {nodeLabels: {kind: spot}}}"));
    operator.start();
  }

  @AfterEach
  void stop() {
    operator.stop();
    client.close();
    server.close();
  }

  private static JsonNode yaml(String text) {
    try {
      return new YAMLMapper().readTree(text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void submit(String... fields) throws IOException {
    server
        .objects()
        .apply(JOB, new JsonMapper().readTree(Serialization.asJson(Cluster.job(fields))));
  }

  /** What Kueue does: writes the status of a Workload. */
  private void answer(String conditions) {
    server
        .objects()
        .apply(
            ApiPath.of(NAME + "/status"),
            yaml("{status: {conditions: [%s], %s}}".formatted(conditions, ADMISSION)));
  }

  private String phase() {
    return server.objects().get(JOB).at("/status/phase").asText();
  }

  private void awaitPhase(String phase) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(phase()).isEqualTo(phase));
  }

  private void awaitAsked() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(server.objects().get(WORKLOAD)).isNotNull());
  }

  @Test
  void aJobWaitsIsAdmittedIsEvictedAndWaitsAgain() throws IOException {
    submit("queueName: gpus");
    awaitAsked();
    awaitPhase("Queued");
    assertThat(server.writes())
        .filteredOn(line -> !line.contains("/events") && !line.contains("/status"))
        .containsExactly("POST " + WORKLOADS);

    answer(ADMITTED);
    awaitPhase("Starting");
    JsonNode teacher = server.objects().get(TEACHER);
    assertThat(teacher.at("/spec/replicas").asInt()).isEqualTo(1);
    assertThat(teacher.at("/spec/template/spec/nodeSelector/kind").asText()).isEqualTo("spot");

    answer(EVICTED);
    awaitPhase("Queued");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(server.requests("PATCH", NAME + "/status")).isNotEmpty());
    ApiRequest given = server.requests("PATCH", NAME + "/status").get(0);
    assertThat(given.contentType()).startsWith("application/merge-patch+json");
    assertThat(given.body().at("/metadata/resourceVersion").isTextual()).isTrue();
    assertThat(given.body().at("/status/admission").isNull()).isTrue();
    assertThat(given.body().at("/status/conditions").toString())
        .contains("\"type\":\"Requeued\"", "\"reason\":\"Preempted\"");
    assertThat(server.objects().get(TEACHER).at("/spec/replicas").asInt(-1)).isZero();

    answer(ADMITTED);
    awaitPhase("Starting");
    assertThat(server.objects().get(TEACHER).at("/spec/replicas").asInt()).isEqualTo(1);
  }

  @Test
  void aSuspendedJobTakesItsRequestBack() throws IOException {
    submit("queueName: gpus");
    awaitAsked();
    submit("{queueName: gpus, suspend: true}");
    awaitPhase("Suspended");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(server.objects().get(WORKLOAD)).isNull());
  }

  @Test
  void anotherQueueIsAskedAnew() throws IOException {
    submit("queueName: gpus");
    awaitAsked();
    submit("queueName: other");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              JsonNode workload = server.objects().get(WORKLOAD);
              assertThat(workload).isNotNull();
              assertThat(workload.at("/spec/queueName").asText()).isEqualTo("other");
            });
    assertThat(server.requests("DELETE", NAME)).hasSize(1);
  }

  @Test
  void aRequestThatIsRefusedIsToldInTheStatus() throws IOException {
    server.fail("POST", WORKLOADS, 403, "may not create workloads");
    submit("queueName: gpus");
    awaitPhase("Queued");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(server.objects().get(JOB).at("/status/conditions").toString())
                    .contains("Workload distillationjob-quickstart: may not create workloads"));
  }

  @Test
  void aJobWithoutAQueueAsksForNothing() throws IOException {
    submit();
    awaitPhase("Starting");
    assertThat(server.objects().get(WORKLOAD)).isNull();
  }
}
