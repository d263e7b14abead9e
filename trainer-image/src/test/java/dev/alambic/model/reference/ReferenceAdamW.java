package dev.alambic.model.reference;

/** Adam with decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101, algorithm 2). */
public final class ReferenceAdamW {

  private final double beta1;
  private final double beta2;
  private final double epsilon;
  private final double weightDecay;
  private final double[] firstMoment;
  private final double[] secondMoment;
  private int steps;

  public ReferenceAdamW(
      int parameters, double beta1, double beta2, double epsilon, double weightDecay) {
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.weightDecay = weightDecay;
    this.firstMoment = new double[parameters];
    this.secondMoment = new double[parameters];
  }

  /** One step in place: the decay is scaled by the learning rate, as in PyTorch. */
  public void step(double[] parameters, double[] gradient, double learningRate) {
    steps++;
    for (int i = 0; i < parameters.length; i++) {
      firstMoment[i] = beta1 * firstMoment[i] + (1 - beta1) * gradient[i];
      secondMoment[i] = beta2 * secondMoment[i] + (1 - beta2) * gradient[i] * gradient[i];
      double mean = firstMoment[i] / (1 - Math.pow(beta1, (double) steps));
      double meanSquare = secondMoment[i] / (1 - Math.pow(beta2, (double) steps));
      parameters[i] -= learningRate * weightDecay * parameters[i];
      parameters[i] -= learningRate * mean / (Math.sqrt(meanSquare) + epsilon);
    }
  }

  /**
   * Scales all gradients together so that their joint Euclidean norm is at most {@code limit}
   * (Pascanu et al., arXiv 1211.5063).
   *
   * @return the norm before
   */
  public static double clip(double limit, double[]... gradients) {
    double squares = 0;
    for (double[] gradient : gradients) {
      squares += Vectors.dot(gradient, gradient);
    }
    double norm = Math.sqrt(squares);
    if (norm > limit) {
      for (double[] gradient : gradients) {
        for (int i = 0; i < gradient.length; i++) {
          gradient[i] *= limit / norm;
        }
      }
    }
    return norm;
  }
}
