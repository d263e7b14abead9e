package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** The newest good checkpoint. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CheckpointStatus(
    @JsonPropertyDescription("Tokens trained on when it was written.") Long tokens,
    @JsonPropertyDescription("Its folder on the checkpoint volume.") String path,
    @JsonPropertyDescription("When it was written, RFC 3339.") String time,
    @JsonPropertyDescription(
            "Why the last one could not be written; absent once one is written again.")
        String failure,
    @JsonPropertyDescription(
            "Checkpoints that were skipped when the trainer started because they are not"
                + " what was written, newest first: the folder, a colon, and why.")
        @Size(max = 8)
        List<String> damaged) {}
