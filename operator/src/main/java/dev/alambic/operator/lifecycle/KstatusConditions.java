package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.ConditionType;
import java.util.List;

/**
 * Ready, Reconciling and Stalled, as kstatus reads them (Argo CD, Flux, {@code helm --wait}).
 * Exactly one is true: Ready while the job trains as asked and when it is complete, Stalled when
 * only a person can help, Reconciling otherwise. A held job is Reconciling: it is not there yet.
 */
final class KstatusConditions {
  private KstatusConditions() {}

  /**
   * The three claims.
   *
   * @param training the Training condition: it says what an active job waits for
   */
  static List<ConditionDraft> of(
      JobState jobState,
      ConditionDraft training,
      ConditionDraft suspended,
      ConditionDraft accepted) {
    if (jobState instanceof JobState.Ended ended) {
      return ended.complete()
          ? ready(ended.reason(), ended.message())
          : stalled(ended.reason(), ended.message());
    }
    if (jobState instanceof JobState.Refused) {
      return stalled(accepted.reason(), accepted.message());
    }
    if (jobState instanceof JobState.Held) {
      return reconciling(suspended.reason(), suspended.message());
    }
    return training.holds()
        ? ready(training.reason(), training.message())
        : reconciling(training.reason(), training.message());
  }

  private static List<ConditionDraft> ready(Reason reason, String message) {
    return List.of(
        ConditionDraft.of(ConditionType.Ready, true, reason, message),
        quiet(ConditionType.Reconciling),
        quiet(ConditionType.Stalled));
  }

  private static List<ConditionDraft> reconciling(Reason reason, String message) {
    return List.of(
        ConditionDraft.of(ConditionType.Ready, false, reason, message),
        ConditionDraft.of(ConditionType.Reconciling, true, reason, message),
        quiet(ConditionType.Stalled));
  }

  private static List<ConditionDraft> stalled(Reason reason, String message) {
    return List.of(
        ConditionDraft.of(ConditionType.Ready, false, reason, message),
        quiet(ConditionType.Reconciling),
        ConditionDraft.of(ConditionType.Stalled, true, reason, message));
  }

  private static ConditionDraft quiet(ConditionType type) {
    return ConditionDraft.of(type, false, Reason.Reconciled, "");
  }
}
