package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.IntOrString;

/** When the trainer saves and where. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CheckpointSpec(IntOrString everyTokens, Integer keep, VolumeSpec volume) {}
