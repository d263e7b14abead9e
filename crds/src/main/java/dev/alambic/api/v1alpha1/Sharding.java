package dev.alambic.api.v1alpha1;

/** What is split over the trainer pods. */
public enum Sharding {
  /** Nothing: every pod holds the whole student. */
  None,
  /** The optimizer state. */
  Optimizer,
  /** Parameters, gradients and optimizer state. */
  Full
}
