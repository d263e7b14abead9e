package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;

/** Where the student is, once complete. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelStatus(String uri) {}
