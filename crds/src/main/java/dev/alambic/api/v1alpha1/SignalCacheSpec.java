package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;

/** A volume that keeps what a teacher once said. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SignalCacheSpec(String claimName, VolumeSpec volume) {}
