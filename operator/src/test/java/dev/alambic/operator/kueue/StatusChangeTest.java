package dev.alambic.operator.kueue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Kueue 0.19's own controllers of jobs write, word for word where Kueue reads it. */
class StatusChangeTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:34:56Z");
  private static final String BEFORE = "2026-11-24T12:00:00Z";

  private static Workload workload(String... conditions) {
    return Serialization.unmarshal(
        """
        ---
        {metadata: {name: w, namespace: n, generation: 3}, spec: {},
         status: {conditions: [%s]}}
        """
            .formatted(String.join(", ", conditions)),
        Workload.class);
  }

  private static String condition(String type, String status, String reason, String message) {
    return "{type: %s, status: '%s', reason: %s, message: '%s', lastTransitionTime: '%s'}"
        .formatted(type, status, reason, message, BEFORE);
  }

  private static List<String> words(StatusChange change) {
    return change.conditions().stream()
        .map(c -> c.getType() + " " + c.getStatus() + " " + c.getReason() + ": " + c.getMessage())
        .toList();
  }

  private static Condition of(StatusChange change, String type) {
    return change.conditions().stream()
        .filter(condition -> condition.getType().equals(type))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void anEvictedWorkloadGivesItsReservationBack() {
    StatusChange change =
        StatusChange.giveBack(
            workload(
                condition("QuotaReserved", "True", "QuotaReserved", "reserved"),
                condition("Admitted", "True", "Admitted", "admitted"),
                condition("PodsReady", "True", "Started", "ready"),
                condition("Evicted", "True", "Preempted", "for another")),
            NOW);
    assertThat(change.withoutAdmission()).isTrue();
    assertThat(words(change))
        .containsExactly(
            "QuotaReserved False Pending: for another",
            "Admitted False NoReservation: The workload has no reservation",
            "PodsReady False WaitForStart: The pods are gone",
            "Evicted True Preempted: for another",
            "Requeued True Preempted: for another");
    assertThat(of(change, "QuotaReserved").getLastTransitionTime()).isEqualTo(NOW.toString());
    assertThat(of(change, "QuotaReserved").getObservedGeneration()).isEqualTo(3);
    assertThat(of(change, "Evicted").getLastTransitionTime()).isEqualTo(BEFORE);
  }

  @ParameterizedTest
  @CsvSource({
    "Preempted, True",
    "NodeFailures, True",
    "Deactivated, False",
    "DeactivatedDueToRequeuingLimitExceeded, False",
    "ClusterQueueStopped, False",
    "LocalQueueStopped, False",
    "PodsReadyTimeout, False",
    "AdmissionCheck, False"
  })
  void itWaitsAgainAtOnceOnlyWhereKueueDoesNotEndTheWait(String reason, String requeued) {
    StatusChange change =
        StatusChange.giveBack(workload(condition("Evicted", "True", reason, "why")), NOW);
    assertThat(of(change, "Requeued").getStatus()).isEqualTo(requeued);
    assertThat(of(change, "Requeued").getReason()).isEqualTo(reason);
    assertThat(words(change)).hasSize(3);
  }

  @Test
  void theEndIsFinished() {
    Workload admitted = workload(condition("Admitted", "True", "Admitted", "admitted"));
    StatusChange change = StatusChange.finish(admitted, true, "The token budget is spent", NOW);
    assertThat(change.withoutAdmission()).isFalse();
    assertThat(words(change))
        .containsExactly(
            "Admitted True Admitted: admitted",
            "Finished True Succeeded: The token budget is spent");
    assertThat(words(StatusChange.finish(admitted, false, "out of memory", NOW)))
        .contains("Finished True Failed: out of memory");
  }

  @Test
  void podsAreReadyAreLostAndRecover() {
    StatusChange started = StatusChange.podsReady(workload(), true, NOW);
    assertThat(words(started)).containsExactly("PodsReady True Started: All pods run");
    StatusChange lost =
        StatusChange.podsReady(workload(condition("PodsReady", "True", "Started", "")), false, NOW);
    assertThat(words(lost)).containsExactly("PodsReady False WaitForRecovery: Not all pods run");
    StatusChange again =
        StatusChange.podsReady(
            workload(condition("PodsReady", "False", "WaitForRecovery", "")), true, NOW);
    assertThat(words(again)).containsExactly("PodsReady True Recovered: All pods run");
    StatusChange anew =
        StatusChange.podsReady(
            workload(condition("PodsReady", "False", "WaitForStart", "")), true, NOW);
    assertThat(words(anew)).containsExactly("PodsReady True Started: All pods run");
  }
}
