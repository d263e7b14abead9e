package dev.alambic.operator.plan;

/**
 * Tokens after which the size of a student limits it more than tokens do, by the scaling law L = E
 * + A N^-alpha + B D^-beta with the constants of its refit (arXiv 2404.10102): where the token term
 * is a quarter of the size term, as it is, within 0.24 to 0.29, at Gemma 2's three published
 * budgets (own observation). B is known to two thirds of itself only, so that the interval is wide:
 * one standard error of B to either side. The law is of models trained on text, not of distilled
 * ones.
 *
 * @param low tokens, with B one standard error lower
 * @param estimate tokens
 * @param high tokens, with B one standard error higher
 */
public record SizeRule(long low, long estimate, long high) {
  public static final String SOURCE =
      "the token term of the scaling law of arXiv 2404.10102 at a quarter of its size term";

  private static final double A = 482.01;
  private static final double B = 2085.43;
  private static final double B_ERROR = 1293;
  private static final double ALPHA = 0.3478;
  private static final double BETA = 0.3658;
  private static final double RATIO = 0.25;

  /** The rule for a student of this many parameters. */
  public static SizeRule of(long parameters) {
    return new SizeRule(
        tokens(parameters, B - B_ERROR), tokens(parameters, B), tokens(parameters, B + B_ERROR));
  }

  private static long tokens(long parameters, double b) {
    double sizeTerm = A * Math.pow((double) parameters, -ALPHA);
    return Math.round(Math.pow(b / (RATIO * sizeTerm), 1 / BETA));
  }
}
