package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.ConditionType;

/** Whether the job is complete, or has failed for good. */
final class EndConditions {
  private EndConditions() {}

  static ConditionDraft complete(JobState jobState) {
    return draft(ConditionType.Complete, jobState, true);
  }

  static ConditionDraft failed(JobState jobState) {
    return draft(ConditionType.Failed, jobState, false);
  }

  private static ConditionDraft draft(ConditionType type, JobState jobState, boolean complete) {
    if (jobState instanceof JobState.Ended ended) {
      return ConditionDraft.of(type, ended.complete() == complete, ended.reason(), ended.message());
    }
    return ConditionDraft.of(type, false, Reason.InProgress, "The job has not ended");
  }
}
