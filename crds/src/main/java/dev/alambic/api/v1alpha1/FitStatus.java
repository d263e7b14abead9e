package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;

/** The fitted curve loss(D) = E + A D^-alpha: nats per token and tokens. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FitStatus(
    String irreducible, String amplitude, String exponent, String noise, Integer points) {}
