package dev.alambic.train;

import dev.alambic.run.Progress;

/**
 * Losses summed over positions, in nats, and probabilities on the signal's ids.
 *
 * @param labelCrossEntropy of the student on the text's own tokens
 * @param divergence from teacher to student; 0 without a teacher
 * @param masses summed over the same positions; 0 without a teacher
 * @param positions how many positions counted
 */
public record LossSums(
    double labelCrossEntropy, double divergence, Progress.Masses masses, long positions) {
  public static final LossSums ZERO = new LossSums(0, 0, new Progress.Masses(0, 0, 0), 0);

  /** Both together. */
  public LossSums plus(LossSums other) {
    return new LossSums(
        labelCrossEntropy + other.labelCrossEntropy,
        divergence + other.divergence,
        new Progress.Masses(
            masses.teacher() + other.masses.teacher(),
            masses.student() + other.masses.student(),
            masses.shared() + other.masses.shared()),
        positions + other.positions);
  }

  /** Nats per token. */
  public double meanCrossEntropy() {
    return labelCrossEntropy / positions;
  }

  /** Nats per token. */
  public double meanDivergence() {
    return divergence / positions;
  }

  /** Of a position. */
  public Progress.Masses meanMasses() {
    return new Progress.Masses(
        masses.teacher() / positions, masses.student() / positions, masses.shared() / positions);
  }
}
