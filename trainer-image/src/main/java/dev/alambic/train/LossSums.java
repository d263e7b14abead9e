package dev.alambic.train;

/**
 * Losses summed over positions, in nats.
 *
 * @param labelCrossEntropy of the student on the text's own tokens
 * @param divergence from teacher to student; 0 without a teacher
 * @param positions how many positions counted
 */
public record LossSums(double labelCrossEntropy, double divergence, long positions) {
  public static final LossSums ZERO = new LossSums(0, 0, 0);

  /** Both together. */
  public LossSums plus(LossSums other) {
    return new LossSums(
        labelCrossEntropy + other.labelCrossEntropy,
        divergence + other.divergence,
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
}
