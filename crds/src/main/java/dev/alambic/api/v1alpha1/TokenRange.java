package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** An interval of token counts. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TokenRange(
    @JsonPropertyDescription("Lower end of the interval, in tokens.") Long low,
    @JsonPropertyDescription("The best estimate, in tokens.") Long estimate,
    @JsonPropertyDescription(
            "Upper end of the interval, in tokens; absent when the data give no" + " bound.")
        Long high) {}
