package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.ConditionType;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a job began. A Kubernetes Job's start time is reset on resume; this one moves forward by the
 * time that the job was held, so that now minus start is the time that it was allowed to run.
 */
final class RunningTime {
  private RunningTime() {}

  /** The start; empty as long as the job was never both accepted and let run. */
  static Optional<Instant> start(DecisionInput input) {
    Optional<Instant> start = Optional.ofNullable(input.previous().startTime()).map(Instant::parse);
    if (HoldPolicy.holds(input) || TerminalPolicy.remembered(input).isPresent()) {
      return start;
    }
    if (start.isEmpty()) {
      return input.planned().map(plan -> input.now());
    }
    return start.map(time -> time.plus(held(input)).plus(ended(input)));
  }

  /** How long the job had been complete when a larger budget makes it go on right now. */
  private static Duration ended(DecisionInput input) {
    String end = input.previous().completionTime();
    return end == null || !TerminalPolicy.reopened(input)
        ? Duration.ZERO
        : Duration.between(Instant.parse(end), input.now());
  }

  /** How long the job had been held when it is resumed right now. */
  private static Duration held(DecisionInput input) {
    if (!input.before().holds(ConditionType.Suspended)) {
      return Duration.ZERO;
    }
    return input
        .before()
        .since(ConditionType.Suspended)
        .map(since -> Duration.between(since, input.now()))
        .filter(duration -> !duration.isNegative())
        .orElse(Duration.ZERO);
  }
}
