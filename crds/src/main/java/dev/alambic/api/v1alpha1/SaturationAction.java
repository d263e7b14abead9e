package dev.alambic.api.v1alpha1;

/** What happens at saturation. */
public enum SaturationAction {
  /** Decay the learning rate now, then finish. */
  Stop,
  /** Only report. */
  Continue
}
