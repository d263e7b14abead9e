package dev.alambic.operator.plan;

import dev.alambic.run.RunSpec;

/** Where a run is evaluated, counted as the trainer goes from one point to the next. */
public final class EvaluationGrid {
  private EvaluationGrid() {}

  /**
   * Points before so many tokens: steps of the floor as long as they are longer than an eighth of a
   * doubling.
   */
  public static long points(RunSpec.Evaluation evaluation, long tokens) {
    double ratio = Math.pow(2, 1.0 / evaluation.pointsPerDoubling());
    long points = 0;
    for (double at = evaluation.firstTokens(); at < tokens; points++) {
      at = Math.max(at + evaluation.floorTokens(), at * ratio);
    }
    return points;
  }
}
