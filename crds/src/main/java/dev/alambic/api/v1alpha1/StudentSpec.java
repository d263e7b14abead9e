package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;

/** The model that is made. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StudentSpec(String size, ArchitectureSpec architecture, ModelSource initFrom) {}
