package dev.alambic.model.reference;

/** Keeps logits within (-cap, cap): section 2 of the Gemma 2 report. */
final class SoftCap {

  private SoftCap() {}

  /** {@code cap tanh(x / cap)}; a cap of 0 is none. */
  static double apply(double x, double cap) {
    return cap == 0 ? x : cap * Math.tanh(x / cap);
  }
}
