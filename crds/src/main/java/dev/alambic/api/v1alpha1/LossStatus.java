package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;

/** Losses in nats per token, as decimal strings. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LossStatus(String train, String validation, String divergence, String teacher) {}
