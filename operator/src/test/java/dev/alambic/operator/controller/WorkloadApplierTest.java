package dev.alambic.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.operator.kueue.PodSets;
import dev.alambic.operator.kueue.Workload;
import dev.alambic.operator.lifecycle.Problem;
import dev.alambic.operator.lifecycle.QuotaAction;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.operator.render.PodSecurity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes over the wire for a job's quota. */
class WorkloadApplierTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:34:56Z");
  private static final QuotaAction ASK = new QuotaAction.Ask(PodSets.TeacherAndTrainer);
  private static final String WORKLOADS =
      "/apis/kueue.x-k8s.io/v1beta2/namespaces/research/workloads";
  private static final String NAME = WORKLOADS + "/distillationjob-quickstart";

  private final DistillationJob job = Cluster.job("queueName: gpus");
  private final RunPlan plan = JobPlan.of(job, true, PodSecurity.USUAL).planned().orElseThrow();
  private FakeApiServer server;
  private KubernetesClient client;
  private WorkloadApplier applier;

  @BeforeEach
  void start() throws IOException {
    server = new FakeApiServer();
    client = server.client();
    applier = new WorkloadApplier(client, Cluster.SETTINGS);
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private Optional<Problem> carryOut(QuotaAction action) {
    return applier.carryOut(job, plan, action, there(), NOW);
  }

  private Workload there() {
    ObjectNode stored = server.objects().get(ApiPath.of(NAME));
    return stored == null ? null : Serialization.unmarshal(stored.toString(), Workload.class);
  }

  private void priorityClass(String kind, String path) {
    server
        .objects()
        .apply(
            ApiPath.of(path),
            new JsonMapper()
                .createObjectNode()
                .put("kind", kind)
                .put("value", 7)
                .put("description", "before all others")
                .set("metadata", new JsonMapper().createObjectNode().put("name", "high")));
  }

  @Test
  void quotaIsAskedForOnce() {
    assertThat(carryOut(ASK)).isEmpty();
    assertThat(server.writes()).containsExactly("POST " + WORKLOADS);
    // What was seen is older than what is there.
    assertThat(carryOut(ASK)).isEmpty();
  }

  @Test
  void theRequestOfADeletedJobOfThatNameIsTold() {
    assertThat(carryOut(ASK)).isEmpty();
    job.getMetadata().setUid("another job of the same name");
    assertThat(carryOut(ASK).map(Problem::words))
        .contains("Refused: Workload distillationjob-quickstart: already exists");
  }

  @ParameterizedTest
  @CsvSource({
    "kueue.x-k8s.io/priority-class, WorkloadPriorityClass,"
        + " /apis/kueue.x-k8s.io/v1beta2/workloadpriorityclasses/high",
    "other, PriorityClass, /apis/scheduling.k8s.io/v1/priorityclasses/high"
  })
  void aRequestHasItsClassesValue(String label, String kind, String path) {
    DistillationJob urgent =
        Cluster.job("queueName: gpus", "trainer: {pod: {priorityClassName: high}}");
    urgent.getMetadata().setLabels(Map.of(label, "high"));
    assertThat(applier.carryOut(urgent, plan, ASK, null, NOW).map(Problem::words))
        .contains("NoPriorityClass: there is no " + kind + " high");
    assertThat(server.writes()).isEmpty();
    priorityClass(kind, path);
    assertThat(applier.carryOut(urgent, plan, ASK, null, NOW)).isEmpty();
    assertThat(server.requests("POST", WORKLOADS).get(0).body().at("/spec/priority").asInt())
        .isEqualTo(7);
  }

  @Test
  void exactlyTheRequestThatWasSeenIsWithdrawn() {
    assertThat(carryOut(ASK)).isEmpty();
    String uid = server.objects().get(ApiPath.of(NAME)).at("/metadata/uid").asText();
    assertThat(carryOut(new QuotaAction.Withdraw())).isEmpty();
    assertThat(server.requests("DELETE", NAME).get(0).body().at("/preconditions/uid").asText())
        .isEqualTo(uid);
  }

  @Test
  void theEndIsTold() {
    assertThat(carryOut(ASK)).isEmpty();
    assertThat(carryOut(new QuotaAction.Finish(true, "done"))).isEmpty();
    ApiRequest patch = server.requests("PATCH", NAME + "/status").get(0);
    assertThat(patch.query()).contains("fieldManager=alambic");
    assertThat(patch.body().at("/status").has("admission")).isFalse();
    assertThat(patch.body().at("/status/conditions/0/type").asText()).isEqualTo("Finished");
    assertThat(patch.body().at("/status/conditions/0/lastTransitionTime").asText())
        .isEqualTo("2026-11-24T12:34:56Z");
  }

  @Test
  void thatThePodsRunIsTold() {
    assertThat(carryOut(ASK)).isEmpty();
    assertThat(carryOut(new QuotaAction.Report(true))).isEmpty();
    assertThat(
            server
                .requests("PATCH", NAME + "/status")
                .get(0)
                .body()
                .at("/status/conditions/0/type")
                .asText())
        .isEqualTo("PodsReady");
  }

  @Test
  void whatKueueWroteMeanwhileIsNotOverwritten() {
    assertThat(carryOut(ASK)).isEmpty();
    server.fail("PATCH", NAME + "/status", 409, "the object has been modified");
    assertThatThrownBy(() -> carryOut(new QuotaAction.Report(true)))
        .isInstanceOf(KubernetesClientException.class);
  }

  @Test
  void nothingIsSaidOfNothing() {
    assertThat(carryOut(new QuotaAction.Leave())).isEmpty();
    assertThat(carryOut(new QuotaAction.Withdraw())).isEmpty();
    assertThat(carryOut(new QuotaAction.Finish(true, "done"))).isEmpty();
    assertThat(server.requests()).isEmpty();
  }
}
