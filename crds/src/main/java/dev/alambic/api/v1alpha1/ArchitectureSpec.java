package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;

/** An explicit decoder shape; what is left out is derived from the size. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ArchitectureSpec(
    Integer hiddenSize,
    Integer layers,
    Integer heads,
    Integer keyValueHeads,
    Integer headSize,
    Integer feedForwardSize,
    Integer vocabularySize,
    Integer slidingWindow,
    Integer contextLength) {}
