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
  static List<Claim> of(Standing standing, Claim training, Claim suspended, Claim accepted) {
    if (standing instanceof Standing.Ended ended) {
      return ended.complete()
          ? ready(ended.reason(), ended.message())
          : stalled(ended.reason(), ended.message());
    }
    if (standing instanceof Standing.Refused) {
      return stalled(accepted.reason(), accepted.message());
    }
    if (standing instanceof Standing.Held) {
      return reconciling(suspended.reason(), suspended.message());
    }
    return training.holds()
        ? ready(training.reason(), training.message())
        : reconciling(training.reason(), training.message());
  }

  private static List<Claim> ready(Reason reason, String message) {
    return List.of(
        Claim.of(ConditionType.Ready, true, reason, message),
        quiet(ConditionType.Reconciling),
        quiet(ConditionType.Stalled));
  }

  private static List<Claim> reconciling(Reason reason, String message) {
    return List.of(
        Claim.of(ConditionType.Ready, false, reason, message),
        Claim.of(ConditionType.Reconciling, true, reason, message),
        quiet(ConditionType.Stalled));
  }

  private static List<Claim> stalled(Reason reason, String message) {
    return List.of(
        Claim.of(ConditionType.Ready, false, reason, message),
        quiet(ConditionType.Reconciling),
        Claim.of(ConditionType.Stalled, true, reason, message));
  }

  private static Claim quiet(ConditionType type) {
    return Claim.of(type, false, Reason.Reconciled, "");
  }
}
