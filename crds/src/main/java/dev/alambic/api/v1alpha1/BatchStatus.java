package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** What an optimizer step takes. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BatchStatus(
    @JsonPropertyDescription("Tokens of an optimizer step, over all trainers.") Long tokens,
    @JsonPropertyDescription("Tokens of a sequence.") Integer sequenceLength) {}
