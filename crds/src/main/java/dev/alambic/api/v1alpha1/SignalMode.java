package dev.alambic.api.v1alpha1;

/** When the teacher is asked. */
public enum SignalMode {
  /** While the student trains. */
  Online,
  /** Before the student trains; needs a cache. */
  Offline
}
