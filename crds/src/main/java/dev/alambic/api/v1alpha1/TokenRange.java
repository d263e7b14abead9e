package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;

/** An interval of token counts. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TokenRange(Long low, Long estimate, Long high) {}
