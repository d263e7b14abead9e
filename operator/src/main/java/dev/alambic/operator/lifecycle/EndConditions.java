package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.ConditionType;

/** Whether the job is complete, or has failed for good. */
final class EndConditions {
  private EndConditions() {}

  static Claim complete(Standing standing) {
    return claim(ConditionType.Complete, standing, true);
  }

  static Claim failed(Standing standing) {
    return claim(ConditionType.Failed, standing, false);
  }

  private static Claim claim(ConditionType type, Standing standing, boolean complete) {
    if (standing instanceof Standing.Ended ended) {
      return Claim.of(type, ended.complete() == complete, ended.reason(), ended.message());
    }
    return Claim.of(type, false, Reason.InProgress, "The job has not ended");
  }
}
