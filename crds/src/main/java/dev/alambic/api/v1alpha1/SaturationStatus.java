package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;

/** Whether more tokens still help. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SaturationStatus(
    SaturationState state,
    String gain,
    String gainPerDoubling,
    TokenRange saturationTokens,
    Long expectedTokens,
    FitStatus fit) {}
