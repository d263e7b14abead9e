package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.DistillationJobStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What to do about a job now.
 *
 * @param desired what should be there
 * @param status what is true
 * @param events what happened since the status before
 * @param lookAgainIn when to decide again though nothing is seen to change; empty if only a change
 *     can matter
 */
public record Decision(
    Children desired,
    DistillationJobStatus status,
    List<Event> events,
    Optional<Duration> lookAgainIn) {}
