package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.Count;
import dev.alambic.api.v1alpha1.ProgressStatus;
import dev.alambic.run.Progress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.function.Function;

/**
 * How far the run is. The estimated end is kept as long as it is about right, so that a status does
 * not change only because time goes by.
 */
final class ProgressSummary {
  /** A new estimate within this share of the time left says nothing new. */
  private static final double STEADY_SHARE = 0.05;

  private static final Duration STEADY = Duration.ofMinutes(1);

  /** An estimate beyond this is useless. */
  private static final double LONGEST_SECONDS = Duration.ofDays(36500).toSeconds();

  private ProgressSummary() {}

  /**
   * The progress.
   *
   * @param training whether the trainer trains: only then has it a speed and an estimated end
   */
  static ProgressStatus of(DecisionInput input, boolean training) {
    Progress progress = input.observed().progress();
    ProgressStatus before = input.previous().progress();
    long tokens =
        Objects.requireNonNullElse(
            latest(progress, p -> p.position().tokens(), before, ProgressStatus::tokens), 0L);
    Long latest =
        latest(progress, p -> p.position().tokenBudget(), before, ProgressStatus::tokenBudget);
    long budget =
        input
            .planned()
            .map(plan -> plan.training().tokenBudget())
            .orElse(Objects.requireNonNullElse(latest, 0L));
    Double speed = training && progress != null ? progress.speed().tokensPerSecond() : null;
    return new ProgressStatus(
        tokens,
        budget,
        budget == 0 ? 0 : (int) Math.min(100, 100.0 * tokens / budget),
        Count.format(tokens) + "/" + Count.format(budget),
        Decimals.significant(speed),
        estimatedEnd(input, speed, budget - tokens),
        latest(progress, p -> p.learning().badSteps(), before, ProgressStatus::badSteps),
        latest(progress, p -> p.learning().rollbacks(), before, ProgressStatus::rollbacks));
  }

  /** The trainer's number now, or its last one; null if there never was one. */
  private static Long latest(
      Progress progress,
      Function<Progress, Long> says,
      ProgressStatus before,
      Function<ProgressStatus, Long> said) {
    if (progress != null) {
      return says.apply(progress);
    }
    return before == null ? null : said.apply(before);
  }

  private static String estimatedEnd(DecisionInput input, Double speed, long tokensLeft) {
    if (speed == null || !(speed > 0) || tokensLeft <= 0) {
      return null;
    }
    double seconds = tokensLeft / speed;
    if (!(seconds < LONGEST_SECONDS)) {
      return null;
    }
    Instant end = input.now().plusSeconds(Math.round(seconds)).truncatedTo(ChronoUnit.MINUTES);
    ProgressStatus before = input.previous().progress();
    String latest = before == null ? null : before.estimatedCompletionTime();
    return latest != null && steady(Instant.parse(latest), end, seconds) ? latest : end.toString();
  }

  private static boolean steady(Instant latest, Instant end, double secondsLeft) {
    double moved = Math.abs((double) Duration.between(latest, end).toSeconds());
    return moved <= Math.max((double) STEADY.toSeconds(), STEADY_SHARE * secondsLeft);
  }
}
