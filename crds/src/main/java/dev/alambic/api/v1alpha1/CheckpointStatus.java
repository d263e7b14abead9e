package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** The newest good checkpoint. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CheckpointStatus(
    @JsonPropertyDescription("Tokens trained on when it was written.") Long tokens,
    @JsonPropertyDescription("Its folder on the checkpoint volume.") String path,
    @JsonPropertyDescription("When it was written, RFC 3339.") String time) {}
