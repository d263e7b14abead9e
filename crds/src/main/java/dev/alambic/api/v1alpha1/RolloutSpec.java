package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;

/** How the student answers prompts (PostTraining). */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RolloutSpec(
    String temperature,
    String topP,
    Integer maxNewTokens,
    Integer samplesPerPrompt,
    String onPolicyFraction) {}
