package dev.alambic.operator.lifecycle;

/**
 * What came of carrying a decision out.
 *
 * @param refusedChild why a child could not be made; null unless the API server refused one
 * @param refusedRequest why quota could not be asked for; null unless that failed for good
 */
public record Outcome(Problem refusedChild, Problem refusedRequest) {
  /** All was done. */
  public static Outcome done() {
    return new Outcome(null, null);
  }

  /** A child was refused; nothing was done after that. */
  public static Outcome childRefused(Problem problem) {
    return new Outcome(problem, null);
  }

  /** Quota could not be asked for. */
  public static Outcome requestRefused(Problem problem) {
    return new Outcome(null, problem);
  }
}
