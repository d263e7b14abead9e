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
  static Optional<Instant> start(Situation situation) {
    Optional<Instant> start =
        Optional.ofNullable(situation.previous().startTime()).map(Instant::parse);
    if (HoldPolicy.holds(situation) || TerminalPolicy.remembered(situation).isPresent()) {
      return start;
    }
    if (start.isEmpty()) {
      return situation.planned().map(plan -> situation.now());
    }
    return start.map(time -> time.plus(held(situation)).plus(ended(situation)));
  }

  /** How long the job had been complete when a larger budget makes it go on right now. */
  private static Duration ended(Situation situation) {
    String end = situation.previous().completionTime();
    return end == null || !TerminalPolicy.reopened(situation)
        ? Duration.ZERO
        : Duration.between(Instant.parse(end), situation.now());
  }

  /** How long the job had been held when it is resumed right now. */
  private static Duration held(Situation situation) {
    if (!situation.before().holds(ConditionType.Suspended)) {
      return Duration.ZERO;
    }
    return situation
        .before()
        .since(ConditionType.Suspended)
        .map(since -> Duration.between(since, situation.now()))
        .filter(duration -> !duration.isNegative())
        .orElse(Duration.ZERO);
  }
}
