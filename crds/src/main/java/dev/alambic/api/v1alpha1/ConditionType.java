package dev.alambic.api.v1alpha1;

/** The condition types of a job, as strings in the API. */
public enum ConditionType {
  /** The spec is valid and a plan exists. */
  Accepted,
  /** A teacher answers. */
  TeacherReady,
  /** The trainer trains. */
  Training,
  /** More tokens no longer help. */
  Saturated,
  /** The user or a queue holds the job. */
  Suspended,
  /** The student is finished. */
  Complete,
  /** The job cannot finish. */
  Failed,
  /** kstatus: the job does what was asked, or is complete. */
  Ready,
  /** kstatus: on its way to Ready. */
  Reconciling,
  /** kstatus: needs a person. */
  Stalled
}
