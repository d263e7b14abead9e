package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** Losses in nats per token, as decimal strings. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LossStatus(
    @JsonPropertyDescription(
            "The objective on the training data, averaged over the last steps, in"
                + " nats per token.")
        String train,
    @JsonPropertyDescription(
            "The student's cross-entropy on the held-out documents, in nats per token; in stage"
                + " PostTraining the divergence, which it is judged by.")
        String validation,
    @JsonPropertyDescription(
            "KL(teacher || student) on the held-out documents, in nats per token; in stage"
                + " PostTraining KL(student || teacher) on the student's own answers to held-out"
                + " prompts.")
        String divergence,
    @JsonPropertyDescription(
            "The teacher's own cross-entropy on the held-out documents, in nats per"
                + " token; validation above it is the gap to close.")
        String teacher) {}
