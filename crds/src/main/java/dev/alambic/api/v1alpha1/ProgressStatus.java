package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;

/** How far the run is. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProgressStatus(
    Long tokens,
    Long tokenBudget,
    Integer percent,
    String summary,
    String tokensPerSecond,
    String estimatedCompletionTime) {}
