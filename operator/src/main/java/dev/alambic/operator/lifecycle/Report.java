package dev.alambic.operator.lifecycle;

import dev.alambic.api.v1alpha1.DistillationJobStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is true of a job after a decision was carried out, and when to look again.
 *
 * @param status what the API server is to keep
 * @param events what happened since the status before
 * @param lookAgainIn when to decide again though nothing is seen to change; empty if only a change
 *     can matter
 */
public record Report(
    DistillationJobStatus status, List<Event> events, Optional<Duration> lookAgainIn) {}
