package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** How far the run is. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProgressStatus(
    @JsonPropertyDescription("Tokens trained on, over all restarts.") Long tokens,
    @JsonPropertyDescription("Tokens to train on: the spec's budget as a plain integer.")
        Long tokenBudget,
    @JsonPropertyDescription("Share of the budget trained on, 0 to 100, rounded down.")
        Integer percent,
    @JsonPropertyDescription("Tokens and budget for people: 1.2T/2T.") String summary,
    @JsonPropertyDescription(
            "Tokens per second over the last minute or so, over all trainer pods,"
                + " as a decimal in text.")
        String tokensPerSecond,
    @JsonPropertyDescription(
            "When the budget will be spent at this speed, RFC 3339; saturation may"
                + " end the job before.")
        String estimatedCompletionTime,
    @JsonPropertyDescription(
            "Steps skipped because their loss or gradient was not finite, or exploded.")
        Long badSteps,
    @JsonPropertyDescription(
            "How often the weights went back to a checkpoint after several such steps.")
        Long rollbacks) {}
