package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;

/** Where a Hugging Face model folder is. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelSource(String uri) {}
