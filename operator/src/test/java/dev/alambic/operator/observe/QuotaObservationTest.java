package dev.alambic.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.operator.kueue.PodAdditions;
import dev.alambic.operator.kueue.ResourceFlavor;
import dev.alambic.operator.kueue.Workload;
import dev.alambic.operator.lifecycle.Quota.Answer;
import dev.alambic.operator.lifecycle.Quota.Request;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotaObservationTest {
  private static final String ADMISSION =
      "admission: {clusterQueue: q, podSetAssignments: ["
          + "{name: teacher, flavors: {cpu: plain, nvidia.com/gpu: spot}},"
          + " {name: trainer, flavors: {cpu: plain}}]}";
  private static final String RESERVED =
      "{type: QuotaReserved, status: 'True', reason: QuotaReserved, message: r}";
  private static final String ADMITTED =
      RESERVED + ", {type: Admitted, status: 'True', reason: Admitted, message: a}";
  private static final Map<String, ResourceFlavor> FLAVORS =
      Map.of(
          "plain", flavor("plain", "{nodeLabels: {kind: plain}}"),
          "spot",
              flavor(
                  "spot",
                  "{nodeLabels: {kind: spot, pool: a},"
                      + " tolerations: [{key: spot, operator: Exists}]}"));

  private static ResourceFlavor flavor(String name, String spec) {
    return yaml("{metadata: {name: %s}, spec: %s}".formatted(name, spec), ResourceFlavor.class);
  }

  private static <T> T yaml(String flow, Class<T> kind) {
    return Serialization.unmarshal("---\n" + flow, kind);
  }

  private static Request observe(String status) {
    return observe(status, FLAVORS);
  }

  private static Request observe(String status, Map<String, ResourceFlavor> flavors) {
    Workload workload =
        yaml(
            "{metadata: {name: w}, spec: {podSets: []}, status: %s}".formatted(status),
            Workload.class);
    return QuotaObservation.of(
            "gpus", workload, Map.of(), name -> Optional.ofNullable(flavors.get(name)))
        .request();
  }

  @Test
  void nothingAskedIsNoRequest() {
    assertThat(QuotaObservation.of("gpus", null, Map.of(), name -> Optional.empty()).request())
        .isNull();
  }

  @Test
  void aRequestThatKueueHasNotSeenWaits() {
    Request request = observe("null");
    assertThat(request.answer()).isEqualTo(Answer.Waiting);
    assertThat(request.message()).isEqualTo("Kueue has not answered Workload w yet");
    assertThat(request.additions()).isEmpty();
  }

  @Test
  void kueueSaysWhyItWaits() {
    assertThat(
            observe(
                    "{conditions: [{type: QuotaReserved, status: 'False', reason: Pending,"
                        + " message: 'insufficient quota'}]}")
                .message())
        .isEqualTo("insufficient quota");
  }

  @Test
  void aReservationWhoseChecksAreOpenIsNoAdmission() {
    Request request =
        observe(
            "{conditions: [%s], %s, admissionChecks: [{name: nodes, state: Pending, message: soon},"
                    .formatted(RESERVED, ADMISSION)
                + " {name: budget, state: Ready}]}");
    assertThat(request.answer()).isEqualTo(Answer.Waiting);
    assertThat(request.message()).isEqualTo("quota is reserved; checks: nodes (soon)");
  }

  @Test
  void anAdmissionSendsEachPodSetToItsFlavors() {
    Request request = observe("{conditions: [%s], %s}".formatted(ADMITTED, ADMISSION));
    assertThat(request.answer()).isEqualTo(Answer.Admitted);
    assertThat(request.message()).isEqualTo("Admitted by the cluster queue q, on plain, spot");
    assertThat(request.additions())
        .containsOnly(
            Map.entry(
                "teacher",
                new PodAdditions(
                    Map.of("kind", "spot", "pool", "a"),
                    List.of(new TolerationBuilder().withKey("spot").withOperator("Exists").build()),
                    Map.of(),
                    Map.of())),
            Map.entry(
                "trainer",
                new PodAdditions(Map.of("kind", "plain"), List.of(), Map.of(), Map.of())));
  }

  @Test
  void checksAddToThePodsToo() {
    Request request =
        observe(
            """
            {conditions: [%s], admission: {clusterQueue: q, podSetAssignments: [{name: trainer}]},
             admissionChecks: [{name: nodes, state: Ready, podSetUpdates: [{name: trainer,
             nodeSelector: {made: for-it}, labels: {a: b}, annotations: {c: d},
             tolerations: [{key: new}]}]}]}
            """
                .formatted(ADMITTED));
    assertThat(request.message()).isEqualTo("Admitted by the cluster queue q");
    assertThat(request.additions().get("trainer"))
        .isEqualTo(
            new PodAdditions(
                Map.of("made", "for-it"),
                List.of(new TolerationBuilder().withKey("new").build()),
                Map.of("a", "b"),
                Map.of("c", "d")));
  }

  @Test
  void aFlavorThatIsNotThereIsAwaited() {
    Request request = observe("{conditions: [%s], %s}".formatted(ADMITTED, ADMISSION), Map.of());
    assertThat(request.answer()).isEqualTo(Answer.Waiting);
    assertThat(request.message())
        .isEqualTo("Kueue assigned the ResourceFlavor plain, which is not there");
  }

  @Test
  void anEvictionCountsUntilItIsGivenBack() {
    String evicted = ", {type: Evicted, status: 'True', reason: Preempted, message: why}";
    Request held = observe("{conditions: [%s], %s}".formatted(ADMITTED + evicted, ADMISSION));
    assertThat(held.answer()).isEqualTo(Answer.Evicted);
    assertThat(held.eviction()).isEqualTo("why");
    assertThat(held.message()).isEqualTo("what it holds is given back when its pods are gone");
    Request given =
        observe(
            "{conditions: [{type: QuotaReserved, status: 'False', reason: Pending, message: why}"
                + evicted
                + "]}");
    assertThat(given.answer()).isEqualTo(Answer.Waiting);
    assertThat(given.eviction()).isEqualTo("why");
  }

  @Test
  void aFinishedWorkloadHoldsNothing() {
    String finished = ", {type: Finished, status: 'True', reason: Succeeded, message: m}";
    assertThat(observe("{conditions: [%s], %s}".formatted(ADMITTED + finished, ADMISSION)).answer())
        .isEqualTo(Answer.Finished);
  }

  @ParameterizedTest
  @CsvSource({"'True', true", "'False', false"})
  void whatKueueWasToldOfThePodsIsRead(String status, boolean ready) {
    String condition = "{type: PodsReady, status: '%s', reason: R, message: m}".formatted(status);
    assertThat(observe("{conditions: [" + condition + "]}").podsReady()).isEqualTo(ready);
    assertThat(observe("{}").podsReady()).isNull();
  }
}
