package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** Where the student is, once complete. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelStatus(
    @JsonPropertyDescription(
            "The finished student's Hugging Face folder: pvc://CLAIM/PATH, or"
                + " file://PATH after a local run.")
        String uri) {}
