package dev.alambic.api.v1alpha1;

/** What is split over the trainers, one to a pod or to each of its GPUs. */
public enum Sharding {
  /** Nothing: each holds the whole student. */
  None,
  /** The optimizer state. */
  Optimizer,
  /** Parameters, gradients and optimizer state. */
  Full
}
