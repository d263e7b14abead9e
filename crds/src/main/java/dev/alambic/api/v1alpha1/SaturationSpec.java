package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;

/** What to do when more tokens no longer help. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SaturationSpec(SaturationAction action, String minGain) {}
