package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/** What is true of a job, as last seen. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RecordBuilder
public record DistillationJobStatus(
    @JsonPropertyDescription(
            "A summary of the conditions for people; programs read the conditions."
                + " Pending: not yet looked at, or waiting for quota. Suspended: held."
                + " Starting: teacher and trainer come up. Training. Complete: the"
                + " student is finished. Failed: it cannot finish.")
        Phase phase,
    @JsonPropertyDescription(
            "What is true, one of each type: Accepted, TeacherReady, Training,"
                + " Saturated, Suspended, Complete, Failed, and for kstatus Ready,"
                + " Reconciling, Stalled.")
        @Size(max = 32)
        List<Condition> conditions,
    @JsonPropertyDescription("metadata.generation of the spec that this status is about.")
        Long observedGeneration,
    @JsonPropertyDescription("When the job first started pods, RFC 3339.") String startTime,
    @JsonPropertyDescription("When the job ended, complete or failed, RFC 3339.")
        String completionTime,
    @JsonPropertyDescription("How far the run is.") ProgressStatus progress,
    @JsonPropertyDescription(
            "The batch as it was first planned: where the spec gives none, it stays when the"
                + " budget grows, from which it was chosen.")
        BatchStatus batch,
    @JsonPropertyDescription("The latest losses, in nats per token, as decimals in text.")
        LossStatus loss,
    @JsonPropertyDescription("Whether more tokens still help.") SaturationStatus saturation,
    @JsonPropertyDescription("The teacher as it runs.") TeacherStatus teacher,
    @JsonPropertyDescription("The newest good checkpoint: where a stopped job continues.")
        CheckpointStatus checkpoint,
    @JsonPropertyDescription("The finished student; absent until the job is complete.")
        ModelStatus model,
    @JsonPropertyDescription(
            "What the operator would change about the spec, one sentence each: a"
                + " budget beyond the known saturation point, a student larger than its"
                + " teacher, memory that will not do. Never a refusal.")
        @Size(max = 32)
        List<String> advice)
    implements DistillationJobStatusBuilder.With {}
