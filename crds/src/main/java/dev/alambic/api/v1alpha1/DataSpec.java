package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;

/** The corpus (PreTraining) or the prompts (PostTraining). */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DataSpec(String uri, DataFormat format, String textField, String validationUri) {}
