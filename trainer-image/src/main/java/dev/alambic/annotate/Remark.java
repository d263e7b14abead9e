package dev.alambic.annotate;

/**
 * A teacher's opinion of one token of a student.
 *
 * @param token the student's
 * @param probability that the teacher gives it
 * @param preferred the token that the teacher finds likeliest there
 * @param preferredProbability of that one
 */
public record Remark(int token, double probability, int preferred, double preferredProbability) {
  /** How much a token surprises the teacher. */
  public enum Surprise {
    /** A chance of a half or more. */
    NONE,
    /** A tenth or more. */
    LITTLE,
    /** A hundredth or more. */
    SOME,
    /** Less. */
    MUCH;

    /** The surprise at a token of this probability. */
    static Surprise of(double probability) {
      if (probability >= 0.5) {
        return NONE;
      }
      if (probability >= 0.1) {
        return LITTLE;
      }
      return probability >= 0.01 ? SOME : MUCH;
    }
  }

  /**
   * The remark on a token.
   *
   * @param logits the teacher's where the token stands, {@code [vocabulary]}
   */
  public static Remark of(float[] logits, int token) {
    int best = 0;
    for (int id = 1; id < logits.length; id++) {
      best = logits[id] > logits[best] ? id : best;
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp((double) logit - logits[best]);
    }
    return new Remark(token, Math.exp((double) logits[token] - logits[best]) / sum, best, 1 / sum);
  }

  /** How much the token surprises the teacher. */
  public Surprise surprise() {
    return Surprise.of(probability);
  }

  /** Nats: minus the logarithm of the token's probability. */
  public double nats() {
    return -Math.log(probability);
  }
}
