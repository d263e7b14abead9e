package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.IntOrString;

/** How the student is trained. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingSpec(
    Integer sequenceLength,
    IntOrString batchTokens,
    String peakLearningRate,
    Schedule schedule,
    Precision precision,
    Long seed) {}
