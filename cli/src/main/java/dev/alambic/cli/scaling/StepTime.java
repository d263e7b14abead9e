package dev.alambic.cli.scaling;

/**
 * Where the time of an optimizer step goes, in seconds, on the GPU that all others wait for.
 *
 * @param compute forward and backward passes, recomputation included
 * @param communication all collectives, one after the other
 * @param exposed the part of {@code communication} during which the GPU has nothing to compute
 * @param update the optimizer's
 */
public record StepTime(double compute, double communication, double exposed, double update) {

  /** The whole step. */
  public double seconds() {
    return compute + exposed + update;
  }
}
