package dev.alambic.api.v1alpha1;

/** Why a run's final decay started before its budget asked for it. */
public enum StopCause {
  /** More tokens no longer helped. */
  Saturation,
  /** A user asked for it: the annotation alambic.dev/finish. */
  Request
}
