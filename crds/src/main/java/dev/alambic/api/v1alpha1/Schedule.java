package dev.alambic.api.v1alpha1;

/** The shape of the learning rate over the run. */
public enum Schedule {
  /**
   * Linear warm-up, a constant rate, then a short decay; the decay may start early (MiniCPM, arXiv
   * 2404.06395).
   */
  WarmupStableDecay,
  /** Linear warm-up, then half a cosine down over the whole budget. */
  Cosine
}
