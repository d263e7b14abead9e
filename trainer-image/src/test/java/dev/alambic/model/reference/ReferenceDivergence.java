package dev.alambic.model.reference;

/**
 * Divergences between a teacher's probabilities p and a student's log-probabilities log q, in nats,
 * one position at a time. Zero times the logarithm of zero is zero.
 */
public final class ReferenceDivergence {

  private ReferenceDivergence() {}

  /** {@code -log q[label]}. */
  public static double labelCrossEntropy(int label, double[] logQ) {
    return -logQ[label];
  }

  /** {@code -sum p log q}: Gemma 2's objective; forward KL plus the teacher's entropy. */
  public static double crossEntropy(double[] p, double[] logQ) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum -= p[i] == 0 ? 0 : p[i] * logQ[i];
    }
    return sum;
  }

  /** {@code -sum p log p}. */
  public static double entropy(double[] p) {
    return crossEntropy(p, log(p));
  }

  /** {@code KL(p || q) = sum p (log p - log q)}. */
  public static double forwardKl(double[] p, double[] logQ) {
    return kl(log(p), logQ);
  }

  /** {@code KL(q || p)}; infinite where the teacher rules out what the student would say. */
  public static double reverseKl(double[] p, double[] logQ) {
    return kl(logQ, log(p));
  }

  /**
   * Generalised Jensen-Shannon divergence (Agarwal et al., arXiv 2306.13649, equation 1): with the
   * mixture {@code m = beta p + (1 - beta) q} it is {@code beta KL(p || m) + (1 - beta) KL(q ||
   * m)}. The mixture is made in log space, where it doesn't underflow.
   *
   * @param beta weight of the teacher, between 0 and 1, neither included
   */
  public static double jensenShannon(double[] p, double[] logQ, double beta) {
    double[] logP = log(p);
    double[] logM = new double[p.length];
    for (int i = 0; i < p.length; i++) {
      logM[i] =
          Vectors.logSumExp(new double[] {Math.log(beta) + logP[i], Math.log1p(-beta) + logQ[i]});
    }
    return beta * kl(logP, logM) + (1 - beta) * kl(logQ, logM);
  }

  private static double kl(double[] logA, double[] logB) {
    double sum = 0;
    for (int i = 0; i < logA.length; i++) {
      sum += logA[i] == Double.NEGATIVE_INFINITY ? 0 : Math.exp(logA[i]) * (logA[i] - logB[i]);
    }
    return sum;
  }

  private static double[] log(double[] p) {
    double[] logP = new double[p.length];
    for (int i = 0; i < p.length; i++) {
      logP[i] = Math.log(p[i]);
    }
    return logP;
  }
}
