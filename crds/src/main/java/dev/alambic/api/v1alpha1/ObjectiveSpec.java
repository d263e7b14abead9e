package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;

/** What the student minimises. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ObjectiveSpec(
    Divergence divergence, String temperature, String labelWeight, String beta) {}
