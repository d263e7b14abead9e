package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** The teacher as it runs. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TeacherStatus(
    @JsonPropertyDescription("Teacher pods that answer.") Integer readyReplicas,
    @JsonPropertyDescription("Where the trainer reaches the teacher.") String endpoint) {}
