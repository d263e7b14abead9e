package dev.alambic.operator.kueue;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What whoever runs a Workload's pods writes into its status, as Kueue's own controllers of jobs do
 * (pkg/controller/jobframework/reconciler.go of Kueue 0.19).
 *
 * @param conditions all of them, with those that change
 * @param withoutAdmission whether the reserved quota is struck out
 */
public record StatusChange(List<Condition> conditions, boolean withoutAdmission) {
  /** Evictions after which the workload is in its queue again at once; Kueue ends other waits. */
  private static final Set<String> REQUEUED_AT_ONCE = Set.of("Preempted", "NodeFailures");

  private static final String WAIT_FOR_START = "WaitForStart";
  private static final String WAIT_FOR_RECOVERY = "WaitForRecovery";
  private static final String RECOVERED = "Recovered";

  /** The quota of an evicted workload is given back: its pods are gone. */
  public static StatusChange giveBack(Workload workload, Instant now) {
    Condition eviction =
        WorkloadConditions.holding(workload, WorkloadConditions.EVICTED).orElseThrow();
    String reason = eviction.getReason();
    Changes changes = new Changes(workload, now);
    changes.set(
        WorkloadConditions.REQUEUED,
        REQUEUED_AT_ONCE.contains(reason),
        reason,
        eviction.getMessage());
    changes.set(WorkloadConditions.QUOTA_RESERVED, false, "Pending", eviction.getMessage());
    if (changes.has(WorkloadConditions.ADMITTED)) {
      changes.set(
          WorkloadConditions.ADMITTED, false, "NoReservation", "The workload has no reservation");
    }
    if (changes.has(WorkloadConditions.PODS_READY)) {
      changes.set(WorkloadConditions.PODS_READY, false, WAIT_FOR_START, "The pods are gone");
    }
    return new StatusChange(changes.all(), true);
  }

  /** The workload is over, and so is its claim on quota. */
  public static StatusChange finish(
      Workload workload, boolean succeeded, String message, Instant now) {
    Changes changes = new Changes(workload, now);
    changes.set(WorkloadConditions.FINISHED, true, succeeded ? "Succeeded" : "Failed", message);
    return new StatusChange(changes.all(), false);
  }

  /** All the pods run, or no longer do; Kueue may evict a workload that is late with it. */
  public static StatusChange podsReady(Workload workload, boolean ready, Instant now) {
    Changes changes = new Changes(workload, now);
    String before = changes.reason(WorkloadConditions.PODS_READY);
    if (ready) {
      boolean recovered = WAIT_FOR_RECOVERY.equals(before) || RECOVERED.equals(before);
      changes.set(
          WorkloadConditions.PODS_READY, true, recovered ? RECOVERED : "Started", "All pods run");
    } else {
      boolean ran = before != null && !WAIT_FOR_START.equals(before);
      changes.set(
          WorkloadConditions.PODS_READY,
          false,
          ran ? WAIT_FOR_RECOVERY : WAIT_FOR_START,
          "Not all pods run");
    }
    return new StatusChange(changes.all(), false);
  }

  private static final class Changes {
    private final Map<String, Condition> conditions = new LinkedHashMap<>();
    private final Long generation;
    private final Instant now;

    Changes(Workload workload, Instant now) {
      WorkloadConditions.of(workload)
          .forEach(condition -> conditions.put(condition.getType(), condition));
      this.generation = workload.getMetadata().getGeneration();
      this.now = now;
    }

    boolean has(String type) {
      return conditions.containsKey(type);
    }

    String reason(String type) {
      return has(type) ? conditions.get(type).getReason() : null;
    }

    /** Its time changes only when its status does. */
    void set(String type, boolean holds, String reason, String message) {
      String status = holds ? "True" : "False";
      boolean same = has(type) && status.equals(conditions.get(type).getStatus());
      conditions.put(
          type,
          new ConditionBuilder()
              .withType(type)
              .withStatus(status)
              .withReason(reason)
              .withMessage(message == null ? "" : message)
              .withObservedGeneration(generation)
              .withLastTransitionTime(
                  same ? conditions.get(type).getLastTransitionTime() : now.toString())
              .build());
    }

    List<Condition> all() {
      return List.copyOf(conditions.values());
    }
  }
}
