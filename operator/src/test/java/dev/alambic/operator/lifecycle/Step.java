package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.DistillationJobStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What was decided in one step of a {@link Story}, and what was told after. */
record Step(
    Children desired,
    DistillationJobStatus status,
    List<Event> events,
    Optional<Duration> lookAgainIn) {

  static Step of(Decision decision, Outcome outcome) {
    Report report = Lifecycle.report(decision, outcome);
    return new Step(decision.desired(), report.status(), report.events(), report.lookAgainIn());
  }
}
