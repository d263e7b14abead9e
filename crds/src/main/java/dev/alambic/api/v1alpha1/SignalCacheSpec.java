package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** A volume that keeps a teacher's signals. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SignalCacheSpec(
    @JsonPropertyDescription(
            "The cache's volume. Name a claim that exists to share it between jobs. Required.")
        @Required
        VolumeSpec volume) {}
