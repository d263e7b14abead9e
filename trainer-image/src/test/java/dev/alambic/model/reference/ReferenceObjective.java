package dev.alambic.model.reference;

import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.run.RunSpec;

/**
 * The loss of a sequence. At each valid position it is {@code w CE(label) + (1 - w) T^2 D(teacher,
 * student at temperature T)}; the label's cross-entropy is taken at temperature 1. The square of
 * the temperature keeps the size of the gradients, which fall with its square (Hinton et al., arXiv
 * 1503.02531).
 */
public final class ReferenceObjective {

  private final RunSpec.Objective objective;

  public ReferenceObjective(RunSpec.Objective objective) {
    this.objective = objective;
  }

  /**
   * The sum over a sequence's valid positions, divided by the valid tokens of the whole step: the
   * same whether a batch is computed at once or in parts.
   *
   * @param logits the student's, {@code [sequence, vocabulary]}
   * @param validTokens count over all sequences of the step
   */
  public double loss(double[][] logits, ReferenceTarget[] targets, long validTokens) {
    double sum = 0;
    for (int t = 0; t < logits.length; t++) {
      sum += targets[t].valid() ? position(logits[t], targets[t]) : 0;
    }
    return sum / validTokens;
  }

  /** The loss of one position in nats. */
  public double position(double[] logits, ReferenceTarget target) {
    double labelWeight = objective.labelWeight();
    double label = labelCrossEntropy(logits, target);
    // A weight of zero must not multiply an infinite divergence.
    return labelWeight == 1
        ? label
        : labelWeight * label
            + (1 - labelWeight)
                * objective.temperature()
                * objective.temperature()
                * divergence(logits, target);
  }

  /** The cross-entropy of one position's label at temperature 1, in nats. */
  public double labelCrossEntropy(double[] logits, ReferenceTarget target) {
    return ReferenceDivergence.labelCrossEntropy(target.label(), Vectors.logSoftmax(logits));
  }

  /** The divergence of one position at the temperature, in nats and without its factor. */
  public double divergence(double[] logits, ReferenceTarget target) {
    double[] p = target.probabilities();
    double[] softened = Vectors.scale(1 / objective.temperature(), logits);
    double[] logQ = target.outcomes(Vectors.logSoftmax(softened));
    Divergence divergence = objective.divergence();
    return switch (divergence) {
      case ForwardKL -> ReferenceDivergence.forwardKl(p, logQ);
      case ReverseKL -> ReferenceDivergence.reverseKl(p, logQ);
      case JensenShannon -> ReferenceDivergence.jensenShannon(p, logQ, objective.beta());
    };
  }

  /** How many positions count. */
  public static long validTokens(ReferenceTarget[] targets) {
    long count = 0;
    for (ReferenceTarget target : targets) {
      count += target.valid() ? 1 : 0;
    }
    return count;
  }
}
