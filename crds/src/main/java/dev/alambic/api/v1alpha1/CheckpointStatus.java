package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;

/** The newest good checkpoint. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CheckpointStatus(Long tokens, String path, String time) {}
