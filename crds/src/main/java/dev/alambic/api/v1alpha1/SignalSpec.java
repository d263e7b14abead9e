package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;

/** What the teacher says of each position. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SignalSpec(
    SignalEncoding encoding, Integer size, SignalMode mode, SignalCacheSpec cache) {}
