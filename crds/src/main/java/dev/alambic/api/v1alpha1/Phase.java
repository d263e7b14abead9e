package dev.alambic.api.v1alpha1;

/** A summary of the conditions for people; never read by code that decides. */
public enum Phase {
  Pending,
  Suspended,
  /** Waits for quota in a queue. */
  Queued,
  Starting,
  /** Mode Offline: teachers fill the signal cache. */
  Filling,
  Training,
  Complete,
  Failed
}
