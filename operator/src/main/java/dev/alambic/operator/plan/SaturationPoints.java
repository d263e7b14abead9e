package dev.alambic.operator.plan;

/**
 * After how many tokens a student of a given size is expected to saturate: 2T for 2.6B, 8T for 9B,
 * 13T for 27B, and 15T as the ceiling. That is the Gemma team's statement in an interview; the
 * budgets, but not the saturation, are published (arXiv 2408.00118). Between and beyond them the
 * line is extended where both axes are logarithmic.
 */
public final class SaturationPoints {
  public static final String SOURCE =
      "the Gemma team's statement in an interview: 2T at 2.6B, 8T at 9B, 13T at 27B";

  private static final double CEILING = 15e12;
  private static final LogLogCurve KNOWN = LogLogCurve.through(2.6e9, 2e12, 9e9, 8e12, 27e9, 13e12);

  private SaturationPoints() {}

  /** Tokens after which a student of this many parameters is expected to gain little. */
  public static long expectedTokens(long parameters) {
    return Math.round(Math.min(CEILING, KNOWN.at((double) parameters)));
  }
}
