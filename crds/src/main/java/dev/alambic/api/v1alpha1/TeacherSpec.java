package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;

/** The model that is distilled. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TeacherSpec(
    ModelSource model,
    TeacherRuntime runtime,
    String endpoint,
    String size,
    Integer vocabularySize,
    Integer contextLength,
    Integer replicas,
    PodOverrides pod) {}
