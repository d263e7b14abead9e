package dev.alambic.saturation;

import dev.alambic.run.RunSpec;

/**
 * When the held-out set is evaluated: evenly over the logarithm of tokens, as a power law wants it,
 * but never closer than a floor. A pure function of the tokens, so that a resumed run evaluates at
 * the same points as one that was never stopped.
 */
public final class EvaluationGrid {
  /** Whole tokens are up to one closer than the powers they are rounded from. */
  private static final long ROUNDING = 1;

  private final RunSpec.Evaluation spec;

  /**
   * The grid of this specification.
   *
   * @throws IllegalArgumentException if a number in it is not positive
   */
  public EvaluationGrid(RunSpec.Evaluation spec) {
    require("evaluation.firstTokens", spec.firstTokens());
    require("evaluation.pointsPerDoubling", spec.pointsPerDoubling());
    require("evaluation.floorTokens", spec.floorTokens());
    this.spec = spec;
  }

  /**
   * The first grid point after these tokens: evaluate at the first step that reaches it, or at the
   * run's last step if that comes before.
   *
   * @param lastStepTokens tokens after the run's last step
   * @return tokens; {@code Long.MAX_VALUE} when the last step is done
   */
  public long next(long tokens, long lastStepTokens) {
    if (tokens >= lastStepTokens) {
      return Long.MAX_VALUE;
    }
    return Math.min(lastStepTokens, gridPointAfter(tokens));
  }

  /**
   * Whether a step that took the tokens from {@code before} to {@code after} is followed by an
   * evaluation.
   */
  public boolean isDue(long before, long after, long lastStepTokens) {
    return next(before, lastStepTokens) <= after;
  }

  /** The floor rules while a logarithmic step is shorter than it; then the logarithm does. */
  private long gridPointAfter(long tokens) {
    long first = spec.firstTokens();
    if (tokens < first) {
      return first;
    }
    double ratio = Math.pow(2, 1.0 / spec.pointsPerDoubling());
    double bend = Math.max((double) first, (spec.floorTokens() + ROUNDING) / (ratio - 1));
    long floorSteps = (long) Math.ceil((bend - first) / spec.floorTokens());
    long knee = first + floorSteps * spec.floorTokens();
    if (tokens < knee) {
      return first + ((tokens - first) / spec.floorTokens() + 1) * spec.floorTokens();
    }
    return logarithmicAfter(tokens, knee, Math.log(ratio));
  }

  private static long logarithmicAfter(long tokens, long knee, double logRatio) {
    long index = Math.max(0, (long) Math.floor(Math.log((double) tokens / knee) / logRatio) - 1);
    long point = point(knee, index, logRatio);
    while (point <= tokens) {
      index++;
      point = point(knee, index, logRatio);
    }
    return point;
  }

  private static long point(long knee, long index, double logRatio) {
    return Math.round(knee * Math.exp(index * logRatio));
  }

  private static void require(String field, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(field + " is " + value + ": it must be positive");
    }
  }
}
