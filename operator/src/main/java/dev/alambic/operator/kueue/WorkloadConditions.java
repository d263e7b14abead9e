package dev.alambic.operator.kueue;

import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Optional;

/** The conditions of a Workload. */
public final class WorkloadConditions {
  /** Whether quota is held, ready to be used or not. */
  public static final String QUOTA_RESERVED = "QuotaReserved";

  /** Whether the pods may run: quota is reserved and all checks are ready. */
  public static final String ADMITTED = "Admitted";

  /** Whether the quota is to be given back. */
  public static final String EVICTED = "Evicted";

  /** Whether the workload waits again after an eviction. */
  public static final String REQUEUED = "Requeued";

  /** Whether all the pods run. */
  public static final String PODS_READY = "PodsReady";

  /** Whether the workload is over; then its quota is free. */
  public static final String FINISHED = "Finished";

  private WorkloadConditions() {}

  /** All of them; empty if there are none yet. */
  public static List<Condition> of(Workload workload) {
    WorkloadStatus status = workload.getStatus();
    return status == null || status.conditions() == null ? List.of() : status.conditions();
  }

  /** The condition of this type. */
  public static Optional<Condition> get(Workload workload, String type) {
    return of(workload).stream().filter(condition -> type.equals(condition.getType())).findFirst();
  }

  /** The condition of this type, if it is true. */
  public static Optional<Condition> holding(Workload workload, String type) {
    return get(workload, type).filter(condition -> "True".equals(condition.getStatus()));
  }

  /** Whether the condition of this type is true. */
  public static boolean holds(Workload workload, String type) {
    return holding(workload, type).isPresent();
  }
}
