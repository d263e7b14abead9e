package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** The fitted curve loss(D) = E + A D^-alpha: nats per token and tokens. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FitStatus(
    @JsonPropertyDescription(
            "E in loss(D) = E + A D^-alpha: the loss that no number of tokens goes"
                + " below, in nats per token, as a decimal in text.")
        String irreducible,
    @JsonPropertyDescription("A in the same formula, as a decimal in text.") String amplitude,
    @JsonPropertyDescription("alpha in the same formula, as a decimal in text.") String exponent,
    @JsonPropertyDescription(
            "Standard deviation of one evaluation, told from the ones before and after it,"
                + " in nats per token, as a decimal in text.")
        String noise,
    @JsonPropertyDescription("Evaluations the curve was fitted to.") Integer points) {}
